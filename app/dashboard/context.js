// Below the tasks that a search finds: messages, pages and records of no task that hold the words.
import * as api from "./api.js";
import { byId, h } from "./dom.js";
import { header } from "./conversation.js";
import { problem } from "./notices.js";
import { attempt } from "./related.js";
import { may } from "./session.js";
import { link, place } from "./where.js";

const PAGE = 10;
const BEFORE = 60; // characters of a text that are shown before what was found
const AFTER = 200;
const STEM = 4; // letters that all forms of a word share, roughly: the index finds forms, and the eye wants the place

let asked = 0;
let last = "";
/** @type {(item: any) => Promise<void>} */
let makeTask = async () => {};

/** Where the words of a search begin in a text; none of them where it holds no word. @param {string} words */
function pattern(words) {
  const stems = (words.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > STEM ? word.slice(0, STEM) : word));
  return stems.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${stems.join("|")})[\\p{L}\\p{N}]*`, "giu") : null;
}

/** The part of a text around the first of the words, with all of them marked. @param {string} text @param {string} words */
export function snippet(text, words) {
  const found = pattern(words);
  const first = found ? text.search(found) : -1;
  const start = first > BEFORE ? first - BEFORE + text.slice(first - BEFORE, first).search(/(?<=\s)\S|$/) : 0; // at a word
  const end = Math.max(first, 0) + AFTER;
  const part = `${start ? "…" : ""}${text.slice(start, end).replace(/\s+/g, " ").trim()}${end < text.length ? "…" : ""}`;
  /** @type {(Node | string)[]} */
  const pieces = [];
  let done = 0;
  for (const match of found ? part.matchAll(found) : []) {
    pieces.push(part.slice(done, match.index), h("mark", {}, match[0]));
    done = match.index + match[0].length;
  }
  return h("p", { class: "snippet", dir: "auto" }, ...pieces, part.slice(done));
}

/** @param {any} item @param {string} q */
function hit(item, q) {
  const id = `context-${item.id}`;
  const url = link(item.url);
  const element = h(
    "li",
    { class: "hit", "data-item": item.id },
    item.subject && h("h3", { dir: "auto" }, item.subject),
    h("div", { class: "message", id }, header({ ...item, to: [], cc: [], place: item.place ?? place(item.integration) })),
    snippet(item.text || item.subject, q),
    h(
      "p",
      { class: "small-actions" },
      may("tasks:write") && h("button", { type: "button", "aria-describedby": id, onclick: () => attempt(element, () => makeTask(item)) }, "Make it a task"),
      url && h("a", { href: url, target: "_blank", rel: "noreferrer" }, "Open at its source"),
    ),
  );
  return element;
}

/** @param {any} page @param {string} q */
function results(page, q) {
  const list = h("ul", { class: "hits" });
  const more = h("button", { type: "button" }, "Show more");
  /** @param {any} next */
  const add = (next) => {
    list.append(...next.items.map((/** @type {any} */ item) => hit(item, q)));
    more.hidden = !next.has_more;
    more.onclick = () => api.context(q, PAGE, next.next_cursor).then(add, (error) => more.before(problem(error, null)));
  };
  add(page);
  return [h("h2", { id: "context-title" }, "In messages and pages that are no tasks"), list, h("p", { class: "show-more" }, more)];
}

/** Show what holds the words; nothing for no words. @param {string} q */
export async function show(q) {
  const section = byId("context");
  if (q && q === last && section.querySelectorAll(".hit").length > PAGE) return; // somebody reads on
  const mine = ++asked;
  if (q !== last) section.hidden = true; // what was found for other words
  last = q;
  if (!q) return;
  try {
    const page = await api.context(q, PAGE);
    if (mine !== asked) return;
    const held = /** @type {any} */ (document.activeElement)?.closest("#context .hit")?.dataset.item;
    section.hidden = page.items.length === 0;
    section.replaceChildren(...results(page, q));
    if (held) section.querySelector(`[data-item="${held}"] button`)?.focus({ preventScroll: true });
  } catch (error) {
    if (mine !== asked) return;
    section.hidden = false;
    section.replaceChildren(h("h2", { id: "context-title" }, "In messages and pages that are no tasks"), problem(error, () => show(q)));
  }
}

/** @param {(item: any) => Promise<void>} make makes a task of an item */
export function start(make) {
  makeTask = make;
}
