// Single keys, for who wants them. They act on the task that has the focus, never while somebody writes.
import { actionsFor } from "./actions.js";
import { byId } from "./dom.js";
import { undoLast } from "./notices.js";
import * as queue from "./queue.js";

const SETTING = "watchfloor.keys";

/** @param {string} key */
function actOnCurrent(key) {
  const row = queue.current();
  const action = row && actionsFor(row.task).find((each) => each.key === key);
  if (row && action) queue.act(row, action);
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => queue.move(1),
  k: () => queue.move(-1),
  e: () => actOnCurrent("e"),
  s: () => actOnCurrent("s"),
  r: () => actOnCurrent("r"),
  u: undoLast,
  "/": () => byId("q").focus(),
  "?": () => byId("help").showModal(),
};

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Escape" && target.id === "q") target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || (event.repeat && !"jk".includes(event.key))) return;
  if (!byId("keys-on").checked || document.querySelector("dialog[open]") || target.closest("input, textarea, select")) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

/** A browser may refuse to remember anything; the keys work all the same. */
function remembered() {
  try {
    return localStorage.getItem(SETTING);
  } catch {
    return null;
  }
}

/** @param {string} value */
function remember(value) {
  try {
    localStorage.setItem(SETTING, value);
  } catch {
    // as above
  }
}

export function start() {
  const setting = byId("keys-on");
  setting.checked = remembered() !== "off";
  setting.addEventListener("change", () => remember(setting.checked ? "on" : "off"));
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  document.addEventListener("keydown", onKey);
}
