// What the sources of a task were told of it, and what a person can do where that did not work.
import * as api from "./api.js";
import { h } from "./dom.js";
import { problem } from "./notices.js";
import { may } from "./session.js";
import { place } from "./where.js";

const CHIPS = { pending: "telling its source", sending: "telling its source", refused: "source not told", conflict: "changed at its source meanwhile" };
const STATES = { pending: "is to be told", sending: "is being told", done: "was told", refused: "was not told", conflict: "was not told", cancelled: "is not told" };
const MARKS = { open: "that this is open", waiting: "that we wait", snoozed: "that this is snoozed", done: "that this is done", declined: "that this is declined" };
const WAITS = ["pending", "refused", "conflict"];

/** A word for the list; nothing where all is well. @param {any} task */
export const chip = (task) => {
  const said = CHIPS[/** @type {keyof CHIPS} */ (task.write_back)];
  return said && h("span", { class: "told", "data-told": task.write_back }, said);
};

/** Null where none is told. @param {any} task @param {() => Promise<void>} changed is called after something was done about it */
export async function told(task, changed) {
  if (task.write_back === null) return null;
  const section = h("section", { class: "telling", "aria-label": "Its source" });
  const show = async () => {
    try {
      const page = await api.writes(task.id);
      section.replaceChildren(h("h4", {}, "Its source"), h("ul", {}, ...page.items.map((/** @type {any} */ write) => line(write, act))));
    } catch (error) {
      section.replaceChildren(problem(error, show));
    }
  };
  /** @param {() => Promise<any>} doing */
  const act = async (doing) => {
    try {
      await doing();
      await changed();
    } catch (error) {
      section.append(problem(error, show));
    }
  };
  await show();
  return section;
}

/** @param {any} write @param {(doing: () => Promise<any>) => void} act */
function line(write, act) {
  /** @param {string} label @param {() => Promise<any>} doing */
  const button = (label, doing) => h("button", { type: "button", onclick: () => act(doing) }, label);
  const stuck = write.state === "refused" || write.state === "conflict";
  return h(
    "li",
    { "data-write": write.state },
    h("p", { dir: "auto" }, `${place(write.integration)} ${STATES[/** @type {keyof STATES} */ (write.state)]} ${MARKS[/** @type {keyof MARKS} */ (write.mark)]}. ${write.why}`),
    may("tasks:write") &&
      WAITS.includes(write.state) &&
      h(
        "p",
        { class: "actions" },
        stuck && button("Try again", () => api.retryWrite(write.id, false)),
        write.state === "conflict" && button("Write over it", () => api.retryWrite(write.id, true)),
        button("Leave it out", () => api.cancelWrite(write.id)),
      ),
  );
}
