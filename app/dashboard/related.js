// What else has to do with a task, why, and what a person can say to it.
import * as api from "./api.js";
import { h, say } from "./dom.js";
import { problem } from "./notices.js";
import { may } from "./session.js";
import { when } from "./when.js";
import { place } from "./where.js";

/** @type {Record<string, string>} */
const STATUSES = { snoozed: "Snoozed", done: "Done", declined: "Declined", not_for_us: "Set aside" };
/** @type {Record<string, string>} */
const BANDS = { now: "Now", next: "Next", later: "Later", someday: "Someday" };

/** How a task stands, in a line. @param {any} task */
export function standing(task) {
  const word = STATUSES[task.status];
  return h(
    "p",
    { class: "meta" },
    word ? h("span", {}, word) : h("span", { class: "band-word", "data-band": task.band }, BANDS[task.band] ?? task.band),
    task.sender && h("span", { class: "sender", dir: "auto" }, task.sender),
    h("span", { dir: "auto" }, place(task.source.integration)),
    when(task.opened_at, "began"),
  );
}

/**
 * @typedef {{open: (task: any) => void, merge: (from: any, into: any) => Promise<void>}} Doing what the queue does for it
 */

/** Say in the entry's place what became of it, and keep the focus there. @param {HTMLElement} entry @param {string} sentence */
function settle(entry, sentence) {
  const line = h("p", { class: "faint", tabindex: -1, dir: "auto" }, sentence);
  entry.replaceChildren(line);
  line.focus();
  say(sentence);
}

/** Do it; where that fails, say so in the entry, with Retry. @param {HTMLElement} entry @param {() => Promise<void>} work */
export async function attempt(entry, work) {
  entry.querySelector(":scope > .problem")?.remove();
  entry.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    const panel = problem(error, () => attempt(entry, work));
    entry.append(panel);
    panel.querySelector("button")?.focus();
  } finally {
    entry.removeAttribute("aria-busy");
  }
}

/** @param {any} task @param {any} each @param {Doing} doing */
function entry(task, each, doing) {
  const other = each.task;
  const about = `related-${task.id}-${other.id}`;
  const dismiss = async () => {
    await api.notRelated(task.id, other.id);
    settle(element, `«${other.title}» is no longer shown here.`);
  };
  /** @param {string} words @param {() => void} onclick */
  const button = (words, onclick) => h("button", { type: "button", "aria-describedby": about, onclick }, words);
  const element = h(
    "li",
    { class: "related-task", "data-related": other.id },
    h("h5", { id: about, dir: "auto" }, other.title),
    standing(other),
    h("p", { class: "because", dir: "auto" }, each.because),
    h(
      "p",
      { class: "small-actions" },
      button("Open", () => doing.open(other)),
      may("tasks:write") && each.may_merge && button("Merge into this", () => attempt(element, () => doing.merge(other, task))),
      may("tasks:write") && button("Not related", () => attempt(element, dismiss)),
    ),
  );
  return element;
}

/** @param {any} task @param {any} page @param {Doing} doing */
function list(task, page, doing) {
  return [
    h("h4", {}, "Related"),
    h("ul", {}, ...page.items.map((/** @type {any} */ each) => entry(task, each, doing))),
    page.has_more && h("p", { class: "faint" }, "The fifty strongest are shown; more follow as you dismiss some."),
  ].filter(Boolean);
}

/** A section that fills itself, and stays away where nothing is related. @param {any} task @param {Doing} doing */
export function related(task, doing) {
  const section = h("section", { class: "related", "aria-label": "Related", hidden: true });
  const load = async () => {
    try {
      const page = await api.related(task.id);
      section.hidden = page.items.length === 0;
      section.replaceChildren(...list(task, page, doing));
    } catch (error) {
      section.hidden = false;
      section.replaceChildren(h("h4", {}, "Related"), problem(error, load));
    }
  };
  return { section, loaded: load() };
}
