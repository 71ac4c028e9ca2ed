// Tidying up: tasks that may be one, and people who may be one. Nothing is joined before somebody says so.
import * as api from "./api.js";
import { byId, h, say } from "./dom.js";
import { offerUndo, problem } from "./notices.js";
import { attempt, standing } from "./related.js";
import { may } from "./session.js";

const MOST_PAGES = 5; // a page of suggestions may be empty and still go on

/** @type {Record<string, string>} */
const STRENGTHS = { weak: "Perhaps", likely: "Likely", strong: "Very likely" };

/** @type {import("./related.js").Doing} */
let doing;
/** @type {{duplicates: any[], people: any[], more: boolean}} */
let found = { duplicates: [], people: [], more: false };
/** @type {unknown} */
let failed = null;

async function suggestions() {
  /** @type {any[]} */
  const pairs = [];
  let cursor = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await api.perhapsOne(cursor);
    pairs.push(...page.items);
    cursor = page.next_cursor;
    if (pairs.length || !page.has_more) break;
  }
  return { pairs, more: Boolean(cursor) };
}

const isOpen = () => !byId("tidy").hidden;

/** Ask again how much there is, and show it on the button: for who may settle it. */
export async function count() {
  if (!may("tasks:write")) return;
  try {
    const [tasks, people] = await Promise.all([api.duplicates(), suggestions()]);
    found = { duplicates: tasks.items, people: people.pairs, more: tasks.has_more || people.more };
    failed = null;
  } catch (error) {
    failed = error;
  }
  showCount();
}

function showCount() {
  const all = found.duplicates.length + found.people.length;
  byId("tidy-open").textContent = all && !failed ? `Tidy up (${all}${found.more ? "+" : ""})` : "Tidy up";
}

/** Look again, also at what is shown. */
export async function again() {
  await count();
  if (isOpen()) show();
}

/** Take an entry away, and go on with the one after it. @param {HTMLElement} entry @param {string} sentence */
function gone(entry, sentence) {
  const entries = [...byId("tidy").querySelectorAll(".pair")];
  const following = entries[entries.indexOf(entry) + 1] ?? entries[entries.indexOf(entry) - 1];
  show();
  const next = following && byId("tidy").querySelector(`[data-pair="${/** @type {any} */ (following).dataset.pair}"] button`);
  (next ?? byId("tidy").querySelector("h2"))?.focus();
  say(sentence);
}

/** @param {any} task @param {string} which */
function side(task, which) {
  return h(
    "div",
    { class: "side" },
    h("p", { class: "faint" }, which),
    h("h4", { dir: "auto" }, h("button", { type: "button", class: "link", onclick: () => doing.open(task) }, task.title)),
    standing(task),
  );
}

/** @param {any} pair two tasks */
function duplicate(pair) {
  const { task, other } = pair;
  const name = `tasks-${task.id}-${other.id}`;
  const drop = () => (found.duplicates = found.duplicates.filter((each) => each !== pair));
  const merge = async () => {
    await doing.merge(task, other);
    await count();
    gone(element, `Merged into «${other.title}».`);
  };
  const dismiss = async () => {
    await api.notRelated(task.id, other.id);
    drop();
    showCount();
    gone(element, "They stay apart, and are not proposed again.");
  };
  const element = h(
    "li",
    { class: "pair", "data-pair": name },
    h("div", { class: "sides" }, side(other, "Earlier"), side(task, "Later")),
    h("p", { class: "because", id: `because-${name}`, dir: "auto" }, pair.because),
    h(
      "p",
      { class: "small-actions" },
      pair.may_merge && h("button", { type: "button", class: "primary", "aria-describedby": `because-${name}`, onclick: () => attempt(element, merge) }, "Merge"),
      h("button", { type: "button", "aria-describedby": `because-${name}`, onclick: () => attempt(element, dismiss) }, "Not the same"),
    ),
  );
  return element;
}

/** @param {any} person @param {() => HTMLElement} entry */
function card(person, entry) {
  const name = person.name || person.address;
  const us = h("input", { type: "checkbox", role: "switch", checked: person.is_us, "aria-label": `This is us: ${name}` });
  us.addEventListener("change", () =>
    attempt(entry(), async () => {
      const wanted = us.checked;
      us.checked = !wanted; // until the server agrees
      Object.assign(person, await api.oneOfUs(person.id, wanted));
      us.checked = person.is_us;
      say(person.is_us ? `${name} is one of us.` : `${name} is not one of us.`);
    }),
  );
  const addresses = person.identities.map((/** @type {any} */ each) => each.address).join(", ");
  return h(
    "div",
    { class: "side" },
    h("h4", { dir: "auto" }, name),
    name !== addresses && h("p", { class: "faint", dir: "auto" }, addresses),
    h("label", { class: "switch" }, us, "This is us"),
  );
}

/** One address can be taken out again just as it was. @param {any} gone @param {any} stays */
function offerApart(gone, stays) {
  if (gone.identities.length !== 1) return;
  offerUndo(`Joined: ${stays.name || stays.address}`, async () => {
    try {
      const apart = await api.separate(stays.id, gone.identities[0].address);
      await api.perhapsOneAgain(apart.separated.id, apart.person.id); // taking a click back says nothing about them
      await again();
      say("Undone.");
    } catch (error) {
      byId("notice").replaceChildren(problem(error, null));
    }
  });
}

/** @param {any} pair two people */
function person(pair) {
  const { a, b } = pair;
  const name = `people-${a.id}-${b.id}`;
  const merge = async () => {
    const stays = await api.mergePeople(b.id, a.id);
    await count();
    gone(element, `${stays.name || stays.address} is one person now.`);
    offerApart(b, stays);
  };
  const dismiss = async () => {
    await api.notOne(a.id, b.id);
    found.people = found.people.filter((each) => each !== pair);
    showCount();
    gone(element, "They stay two, and are not proposed again.");
  };
  const element = h(
    "li",
    { class: "pair", "data-pair": name },
    h("div", { class: "sides" }, card(a, () => element), card(b, () => element)),
    h("ul", { class: "because", id: `because-${name}` }, ...pair.evidence.map((/** @type {string} */ each) => h("li", { dir: "auto" }, each))),
    h(
      "p",
      { class: "small-actions" },
      h("button", { type: "button", class: "primary", "aria-describedby": `because-${name}`, onclick: () => attempt(element, merge) }, "Merge"),
      h("button", { type: "button", "aria-describedby": `because-${name}`, onclick: () => attempt(element, dismiss) }, "Not the same"),
      h("span", { class: "faint" }, STRENGTHS[pair.strength]),
    ),
  );
  return element;
}

/** @param {string} title @param {HTMLElement[]} entries @param {string} otherwise what would show here */
const part = (title, entries, otherwise) =>
  h("section", { "aria-label": title }, h("h3", {}, title), entries.length ? h("ul", {}, ...entries) : h("p", { class: "faint" }, otherwise));

function show() {
  const head = h("h2", { tabindex: -1 }, "Tidy up");
  const close = h("button", { type: "button", class: "quiet dismiss", onclick: toggle }, "Close");
  const parts = failed
    ? [problem(failed, async () => (await count(), show()))]
    : [
        part("Perhaps one task", found.duplicates.map(duplicate), "Tasks of the same title that began within 90 days would stand here, to be merged or kept apart."),
        part("Perhaps one person", found.people.map(person), "People with the same name or mailbox under several addresses would stand here, with what speaks for it."),
        found.more && h("p", { class: "faint" }, "There is more: it comes as these are settled."),
      ].filter(Boolean);
  byId("tidy").replaceChildren(h("div", { class: "panel tidy" }, head, close, ...parts));
}

async function toggle() {
  const panel = byId("tidy");
  panel.hidden = !panel.hidden;
  byId("tidy-open").setAttribute("aria-expanded", String(!panel.hidden));
  if (panel.hidden) return byId("tidy-open").focus();
  panel.replaceChildren(h("p", { class: "faint loading" }, "Looking for what may be one"));
  await count();
  show();
  panel.querySelector("h2")?.focus();
}

/** @param {import("./related.js").Doing} actions what the queue does with tasks */
export function start(actions) {
  doing = actions;
  byId("tidy-open").addEventListener("click", toggle);
  return count();
}
