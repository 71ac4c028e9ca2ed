// Importing files: the upload, how the run goes, and the report at its end.
import * as api from "./api.js";
import { byId, count, h, say, seen, several } from "./dom.js";
import { ask, mayHoldTables } from "./mapping.js";
import { problem } from "./notices.js";
import { may, user } from "./session.js";

const WARNINGS_SHOWN = 50;
const ENDED = ["succeeded", "failed", "cancelled"];

/** @type {{file: File, onlyMe: boolean}[]} */
const waiting = [];
let busy = false;
/** @type {() => void} */
let onDone = () => {};

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A card of its own for each file. @param {string} name */
function card(name) {
  const title = h("h2", { dir: "auto" }, `Importing ${name}`);
  const bar = h("progress", { max: 1, "aria-label": `Progress of ${name}` });
  const line = h("p", { class: "faint line" }, "Sending the file");
  const element = h("article", { class: "panel import" }, title, bar, line);
  byId("importing").prepend(element);
  byId("importing").hidden = false;
  return { element, title, bar, line };
}

/** @typedef {ReturnType<typeof card>} Card */

/** @param {Card} shown */
function dismissible(shown) {
  return h("button", { type: "button", class: "quiet dismiss", onclick: () => away(shown) }, "Dismiss");
}

/** @param {Card} shown @param {any} run */
function progress(shown, run) {
  if (run.progress === null) shown.bar.removeAttribute("value");
  else shown.bar.value = run.progress;
  shown.line.textContent = run.state === "queued" ? "Waiting for its turn" : `${count(run.read)} read`;
}

/** @param {any} each */
const warning = (each) => h("li", { dir: "auto" }, h("strong", {}, each.what), " ", each.why);

/** A button that shows the other warnings too, a page at each press. @param {any} run @param {HTMLElement} list */
function allWarnings(run, list) {
  /** @type {string | null} */
  let cursor = null;
  const more = async () => {
    button.nextElementSibling?.remove();
    try {
      const page = await api.warnings(run.id, cursor);
      const fresh = page.items.map(warning);
      if (cursor) list.append(...fresh);
      else list.replaceChildren(...fresh);
      cursor = page.next_cursor;
      button.textContent = `Show more of ${count(run.warnings_total)}`;
      if (!page.has_more) button.remove();
      list.focus();
    } catch (error) {
      button.after(problem(error, more));
    }
  };
  const button = h("button", { type: "button", onclick: more }, `Show all ${count(run.warnings_total)}`);
  return button;
}

/** @param {any} run */
function warnings(run) {
  if (!run.warnings_total) return null;
  const list = h("ul", { class: "warnings", tabindex: 0, "aria-label": "Warnings" });
  const rest = run.warnings_total > WARNINGS_SHOWN && h("p", {}, allWarnings(run, list));
  list.append(...run.warnings.slice(0, WARNINGS_SHOWN).map(warning));
  return h(
    "details",
    { open: run.warnings_total <= 5 || run.refused > 0 },
    h("summary", {}, several(run.warnings_total, "warning")),
    list,
    rest,
  );
}

/** @param {any} run */
function sentences(run) {
  const { not_for_us: notForUs } = run.tasks;
  const which = notForUs === run.tasks.new ? "" : `${count(notForUs)} of them `;
  const aside = notForUs ? `, ${which}set aside as not for us, each with its reason` : "";
  const kept = run.context ? ` ${several(run.context, "line or page", "lines and pages")} asked for nothing: kept, and found by search.` : "";
  return [
    h("p", { class: "equation" }, `${count(run.read)} read = ${count(run.new)} new + ${count(run.updated)} updated + ${count(run.unchanged)} unchanged + ${count(run.refused)} refused`),
    h("p", {}, `${several(run.tasks.new, "new task")}${aside}; ${count(run.tasks.updated)} updated.${kept}`),
  ];
}

/** @param {Card} shown @param {any} run */
function report(shown, run) {
  const failed = run.state !== "succeeded" && h("p", { class: "warning" }, run.error?.detail ?? "It was stopped before its end.");
  const title = run.state === "succeeded" ? `Imported ${run.what}` : `Could not import all of ${run.what}`;
  shown.title.textContent = seen(title);
  shown.element.replaceChildren(shown.title, dismissible(shown), failed || "", ...sentences(run), warnings(run) ?? "", run.hint ? h("p", { class: "hint", dir: "auto" }, run.hint) : "");
  say(`${title}: ${several(run.tasks.new, "new task")}, ${several(run.warnings_total, "warning")}.`);
}

/** @param {Card} shown @param {number} id */
async function follow(shown, id) {
  for (let turn = 0; ; turn += 1) {
    const run = await api.run(id);
    if (ENDED.includes(run.state)) return report(shown, run);
    progress(shown, run);
    await pause(turn < 10 ? 250 : 1000);
  }
}

/** The same file would be refused again: another one is the way out. @param {Card} shown @param {any} error an ApiError */
function unreadable(shown, error) {
  const title = error.status === 422 ? "This file can't be read" : error.title;
  const panel = problem(new api.ApiError({ title, detail: error.message, correlation_id: error.correlationId }), null);
  panel.append(h("p", {}, h("button", { type: "button", onclick: () => (away(shown), byId("file").click()) }, "Choose another file")));
  return panel;
}

/** @param {Card} shown @param {() => Promise<void>} work begun again by Retry */
async function guarded(shown, work) {
  try {
    await work();
  } catch (/** @type {any} */ error) {
    const again = () => (panel.remove(), dismiss.remove(), (shown.bar.hidden = false), guarded(shown, work));
    const panel = [413, 422].includes(error.status) ? unreadable(shown, error) : problem(error, again);
    const dismiss = dismissible(shown);
    shown.bar.hidden = true;
    shown.line.textContent = "";
    shown.title.after(dismiss);
    shown.element.append(panel);
  }
  onDone();
}

/** How the file's tables are to be read: null where it holds none, undefined where it is not to be imported. @param {File} file @param {Card} shown */
async function reading(file, shown) {
  if (!(await mayHoldTables(file))) return null;
  const preview = await api.preview(file, null, (part) => {
    shown.bar.value = part;
    if (part === 1) shown.line.textContent = "Looking for columns";
  });
  if (!preview.tables.length) return null;
  shown.line.textContent = "Waiting for your word on its columns";
  return (await ask(file, preview)) ?? undefined;
}

/** @param {Card} shown */
function away(shown) {
  shown.element.remove();
  byId("importing").hidden = !byId("importing").hasChildNodes();
}

/** @param {File} file @param {boolean} onlyMe nobody else is to see what comes from it */
async function bring(file, onlyMe) {
  const shown = card(file.name);
  const key = api.newKey();
  /** @type {import("./api.js").Corrections | null | undefined} */
  let corrections;
  let asked = false;
  await guarded(shown, async () => {
    shown.line.textContent = "Sending the file";
    if (!asked) corrections = await reading(file, shown);
    asked = true; // a retry keeps what was said
    if (corrections === undefined) {
      away(shown);
      byId("import").focus();
      return void say(`${file.name} was not imported.`);
    }
    shown.line.textContent = "Sending the file";
    const { run } = await api.importFile(file, onlyMe, key, corrections, (part) => (shown.bar.value = part));
    await follow(shown, run.id);
  });
}

/** Import files one after the other. @param {Iterable<File>} files */
async function take(files) {
  const onlyMe = byId("only-me").checked;
  waiting.push(...[...files].map((file) => ({ file, onlyMe })));
  if (busy) return;
  busy = true;
  for (let next = waiting.shift(); next; next = waiting.shift()) await bring(next.file, next.onlyMe);
  busy = false;
}

function acceptDrops() {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const holdsFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  const over = (/** @type {number} */ change) => (byId("drop").hidden = (depth = Math.max(0, depth + change)) === 0);
  addEventListener("dragenter", (event) => holdsFiles(event) && over(1));
  addEventListener("dragleave", (event) => holdsFiles(event) && over(-1));
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(-depth);
    take(event.dataTransfer?.files ?? []);
  });
}

/** After a reload of the page: go on showing an import that is under way. */
async function resume() {
  const run = (await api.lastRun()).items[0];
  if (run && !ENDED.includes(run.state)) {
    const shown = card(run.what);
    await guarded(shown, () => follow(shown, run.id));
  }
}

/** @param {() => void} done called after each import @returns {() => void} opens the file chooser */
export function start(done) {
  onDone = done;
  const input = byId("file");
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = ""; // the same file may be chosen again
  });
  const choose = () => input.click();
  byId("import").addEventListener("click", choose);
  if (may("intake:write")) acceptDrops();
  byId("only-me-line").hidden = !may("intake:write") || !user(); // a program's key owns nothing
  resume().catch(() => undefined); // the queue itself says when the server is away
  return choose;
}
