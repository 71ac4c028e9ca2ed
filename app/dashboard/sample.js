// The banner over the sample data: says what it is, and clears it in one action.
import * as api from "./api.js";
import { byId, h, say } from "./dom.js";
import { problem } from "./notices.js";
import { may } from "./session.js";

/** @type {() => void} */
let onCleared = () => {};
/** @type {() => void} */
let chooseFile = () => {};

async function clear() {
  try {
    await api.clearSample();
    byId("sample").hidden = true;
    byId("sample").replaceChildren();
    say("The sample data is gone.");
    onCleared();
  } catch (error) {
    byId("sample").querySelector(".problem")?.remove();
    byId("sample").firstElementChild?.append(problem(error, clear));
  }
}

/** Ask first: what was done to the sample goes with it. */
function ask() {
  const dialog = h(
    "dialog",
    { "aria-labelledby": "sample-ask" },
    h("h2", { id: "sample-ask" }, "Clear the sample data?"),
    h("p", {}, "The invented company's mail, Slack and Notion go, with all you did to them. What you imported yourself stays."),
    h(
      "form",
      { method: "dialog", class: "sample-actions" },
      h("button", { class: "primary", value: "clear" }, "Clear it"),
      " ",
      h("button", { value: "keep" }, "Keep it"),
    ),
  );
  dialog.addEventListener("close", () => (dialog.remove(), dialog.returnValue === "clear" && clear()));
  document.body.append(dialog);
  dialog.showModal();
}

function banner() {
  return h(
    "div",
    { class: "panel sample-banner" },
    h("p", {}, h("strong", {}, "Sample data"), ": an invented company, to look around in."),
    h(
      "p",
      { class: "sample-actions" },
      may("admin") && h("button", { type: "button", onclick: ask }, "Clear it"),
      " ",
      may("intake:write") && h("button", { type: "button", class: "primary", onclick: () => chooseFile() }, "Import your own"),
    ),
  );
}

/** Show the banner where the sample is here, and only then. */
export async function show() {
  const { loaded } = await api.sample().catch(() => ({ loaded: !byId("sample").hidden }));
  if (loaded === !byId("sample").hidden) return;
  byId("sample").hidden = !loaded;
  byId("sample").replaceChildren(...(loaded ? [banner()] : []));
}

/** @param {() => void} cleared called when it is gone @param {() => void} choose opens the file chooser */
export function start(cleared, choose) {
  onCleared = cleared;
  chooseFile = choose;
  return show();
}
