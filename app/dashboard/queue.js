// The queue: which tasks are shown, in bands, with search, more, and what is done to them.
import * as api from "./api.js";
import { byId, count, h, say, several } from "./dom.js";
import { offerUndo, problem } from "./notices.js";
import { may } from "./session.js";
import { Row } from "./task.js";

const PAGE = 20;
const MOST = 200; // the API's largest page
const BANDS = { pinned: "Pinned", held: "Held back", now: "Now", next: "Next", later: "Later", someday: "Someday" };
/** @type {Record<string, {title: string, sort: string}>} */
const VIEWS = {
  open: { title: "Open", sort: "rank" },
  snoozed: { title: "Snoozed", sort: "rank" },
  done: { title: "Done", sort: "-updated_at" },
  not_for_us: { title: "Set aside", sort: "-updated_at" },
};

/**
 * `guest` is a task that somebody opened from elsewhere: it stands above the list unless the list holds it.
 * @type {{view: string, q: string, tasks: any[], next: string | null, asked: number, guest: any}}
 */
const state = { view: "open", q: "", tasks: [], next: null, asked: 0, guest: null };
/** @type {Map<number, Row>} */
const rows = new Map();
/** @type {(() => void)} */
let chooseFile = () => {};
/** @type {(q: string) => void} */
let onAsked = () => {};
/** @type {() => void} */
let onUndone = () => {};

const container = () => byId("queue");
const filter = () => ({ status: state.view, q: state.q, sort: VIEWS[state.view].sort });

/** @param {any} task */
const groupOf = (task) => (state.view !== "open" ? "" : task.tier === "normal" ? task.band : task.tier);

/** @param {any} task */
function rowOf(task) {
  let row = rows.get(task.id);
  if (!row) rows.set(task.id, (row = new Row(task, act, { open: reveal, merge })));
  return row;
}

function guestSection() {
  const close = () => (receive(null), render(), container().focus());
  const heading = h("h2", { id: "band-guest" }, "Opened", h("button", { type: "button", class: "quiet", onclick: close }, "Close"));
  return h("section", { class: "band guest", "aria-labelledby": "band-guest" }, heading, h("ol", { class: "tasks" }, rowOf(state.guest).update(state.guest, null)));
}

function sections() {
  /** @type {any[]} */
  const made = state.guest ? [guestSection()] : [];
  let list, group;
  state.tasks.forEach((task, index) => {
    if (index === 0 || groupOf(task) !== group) {
      group = groupOf(task);
      list = h("ol", { class: "tasks" });
      const title = group && h("h2", { id: `band-${group}` }, BANDS[/** @type {keyof typeof BANDS} */ (group)] ?? group);
      made.push(h("section", { class: "band", "data-band": group, "aria-labelledby": title && title.id, "aria-label": title ? null : VIEWS[state.view].title }, title, list));
    }
    list.append(rowOf(task).update(task, index + 1));
  });
  return made;
}

function nothing() {
  if (state.q) {
    const clear = () => (byId("search").reset(), search(""));
    return h("div", { class: "empty" }, h("p", { class: "empty-title", dir: "auto" }, `No task matches «${state.q}»`), h("p", {}, h("button", { type: "button", onclick: clear }, "Clear the search")));
  }
  const elsewhere = Object.values(counts).some(Boolean);
  if (state.view !== "open" || elsewhere) {
    const sentence = state.view === "open" ? "Nothing is waiting" : `No task is ${VIEWS[state.view].title.toLowerCase()}`;
    return h("div", { class: "empty" }, h("p", { class: "empty-title" }, sentence));
  }
  if (!may("intake:write")) return h("div", { class: "empty" }, h("p", { class: "empty-title" }, "Nothing here yet"), h("p", {}, "Somebody who may import or connect a source has to begin."));
  return h(
    "div",
    { class: "empty" },
    h("p", { class: "empty-title" }, "Nothing here yet: import what you have"),
    h("p", {}, "An export of Slack or Notion, a mailbox, a table of tasks (CSV, JSON) from any other tool. Choose one, or drop it anywhere on this page."),
    h("p", {}, h("button", { type: "button", class: "primary", onclick: () => chooseFile() }, "Choose a file")),
    h("p", { class: "faint" }, "Or from a terminal, folders and maildirs too:"),
    h("pre", { class: "command", tabindex: 0, "aria-label": "Command" }, ".venv/bin/watchfloor import inbox.mbox"),
  );
}

function render() {
  const held = document.activeElement;
  const more = state.next && h("p", { class: "show-more" }, h("button", { type: "button", onclick: showMore }, "Show more"));
  container().replaceChildren(...sections(), ...(state.tasks.length ? [] : [nothing()]), ...(more ? [more] : []));
  if (held !== document.activeElement && container().contains(held)) /** @type {any} */ (held).focus({ preventScroll: true });
  const shown = new Set([...state.tasks, state.guest].map((task) => task?.id));
  for (const id of rows.keys()) if (!shown.has(id)) rows.delete(id);
}

/** @type {Record<string, number>} */
let counts = {};

/** How many tasks each list holds; the search narrows all of them. */
async function countAll() {
  const views = Object.keys(VIEWS);
  const pages = await Promise.all(views.map((status) => api.tasks({ status, q: state.q, limit: 1, count: true })));
  counts = Object.fromEntries(views.map((view, index) => [view, pages[index].total]));
}

function showViews() {
  const buttons = Object.entries(VIEWS).map(([view, { title }]) =>
    h("button", { type: "button", "data-view": view, "aria-pressed": String(view === state.view), onclick: () => show(view) }, title, " ", h("span", { class: "count" }, view in counts ? count(counts[view]) : "")),
  );
  const nav = byId("views");
  const held = /** @type {any} */ (document.activeElement)?.dataset?.view;
  nav.replaceChildren(...buttons);
  if (held) nav.querySelector(`[data-view=${held}]`)?.focus();
}

/** A new question to the server: the answers to earlier ones no longer count. Returns whether it is still the last. */
function ask() {
  const asked = ++state.asked;
  container().setAttribute("aria-busy", "true");
  return () => asked === state.asked;
}

const answered = () => container().setAttribute("aria-busy", "false");

/** Ask again for as many as are shown; what stays keeps its place, its focus and its explanation. */
export async function reload() {
  const isLast = ask();
  if (!state.tasks.length && !container().hasChildNodes()) container().replaceChildren(h("p", { class: "faint loading" }, "Fetching the queue"));
  try {
    const wanted = Math.min(MOST, Math.max(PAGE, state.tasks.length));
    const [page, guest] = await Promise.all([api.tasks({ ...filter(), limit: wanted }), again(state.guest), countAll()]);
    if (!isLast()) return;
    const known = guest && page.items.some((/** @type {any} */ task) => task.id === guest.id);
    Object.assign(state, { tasks: page.items, next: page.next_cursor });
    receive(known ? null : guest);
    byId("notice").replaceChildren();
    showViews();
    render();
  } catch (error) {
    if (isLast()) fail(error, reload);
  } finally {
    if (isLast()) answered();
  }
  onAsked(state.q);
}

/** @param {any} guest the task that stands above the list from now on, or null */
function receive(guest) {
  state.guest = guest;
  remember();
}

/** The guest as it is now, or nobody where it is gone. @param {any} guest */
async function again(guest) {
  if (!guest) return null;
  return api.task(guest.id).catch((error) => (error.status === 404 ? null : guest));
}

/** @param {unknown} error @param {() => void} retry */
function fail(error, retry) {
  container().querySelector(":scope > .loading")?.remove();
  byId("notice").replaceChildren(problem(error, retry));
}

/** Reload, unless so much is shown that a page can't hold it. */
export const refresh = () => (state.tasks.length <= MOST ? reload() : undefined);

async function showMore() {
  const isLast = ask();
  try {
    const page = await api.tasks({ ...filter(), limit: PAGE, cursor: state.next });
    if (!isLast()) return;
    const known = new Set(state.tasks.map((task) => task.id)); // the queue may have moved in between
    const fresh = page.items.filter((/** @type {any} */ task) => !known.has(task.id));
    Object.assign(state, { tasks: [...state.tasks, ...fresh], next: page.next_cursor });
    render();
    if (fresh.length) rowOf(fresh[0]).button.focus();
    say(`${several(fresh.length, "more task")}.`);
  } catch (error) {
    if (isLast()) fail(error, showMore);
  } finally {
    if (isLast()) answered();
  }
}

function remember() {
  const given = Object.entries({ view: state.view === "open" ? "" : state.view, q: state.q, task: String(state.guest?.id ?? "") }).filter(([, value]) => value);
  history.replaceState(null, "", given.length ? `?${new URLSearchParams(given)}` : location.pathname);
}

/** @param {string} view */
function show(view) {
  Object.assign(state, { view, tasks: [], next: null, guest: null });
  remember();
  showViews();
  return reload();
}

/** @param {string} q */
export async function search(q) {
  if (q === state.q) return;
  Object.assign(state, { q, tasks: [], next: null, guest: null });
  remember();
  await reload();
  if (q && !byId("notice").hasChildNodes()) say(`${several(counts[state.view] ?? 0, "task")} found.`);
}

/** @param {Row} row @param {import("./actions.js").Action} action */
export async function act(row, action) {
  const { task } = row;
  row.element.setAttribute("aria-busy", "true");
  try {
    const acted = await api.act(task, action.verb, action.body?.());
    leave(task);
    offerUndo(`${action.done}: ${task.title}`, () => takeBack(acted.undo.token, task.id));
    await countAll().then(showViews, () => undefined); // the counts come right at the next refresh
  } catch (error) {
    if (/** @type {any} */ (error).status === 412) await reload(); // somebody changed it: show what it is now, then ask again
    row.fail(error, () => act(row, action));
  } finally {
    row.element.removeAttribute("aria-busy");
  }
}

/** Open a task: where it stands, else above the list. @param {any} task */
export function reveal(task) {
  if (!state.tasks.some((each) => each.id === task.id)) {
    receive(task);
    render();
  }
  rowOf(task).reveal();
}

/**
 * Make two tasks one. Raises what the server says against it.
 * @param {any} from the task that goes @param {any} into the one that stays
 */
export async function merge(from, into) {
  const acted = await api.act(from, "merge", { into: into.id }).catch(async (error) => {
    if (error.status === 412) Object.assign(from, await api.task(from.id)); // what Retry then asks for
    throw error;
  });
  if (state.guest?.id === from.id) receive(null);
  offerUndo(`Merged: ${from.title}`, () => takeBack(acted.undo.token, into.id));
  await reload();
  rows.get(into.id)?.button.focus();
  say(`Merged into «${into.title}».`);
}

/** Make a task of an item that has none. @param {any} item */
export async function makeTask(item) {
  const made = await api.makeTask(item.id);
  offerUndo(`Made a task: ${made.task.title}`, () => takeBack(made.undo.token, made.task.id));
  await reload();
  reveal(made.task);
  say("Made a task of it.");
}

/** Take a task out of the list and move on to the one after it. @param {any} task */
function leave(task) {
  const place = state.tasks.findIndex((each) => each.id === task.id);
  ask(); // an answer under way still has it
  answered();
  if (place >= 0) counts[state.view] -= 1;
  else receive(null);
  state.tasks = state.tasks.filter((each) => each.id !== task.id);
  render();
  const following = state.tasks[Math.min(Math.max(place, 0), state.tasks.length - 1)];
  if (following) rowOf(following).button.focus();
  else container().focus();
}

/** @param {string} token @param {number} id */
async function takeBack(token, id) {
  try {
    await api.undo(token);
    await reload();
    rows.get(id)?.button.focus();
    say("Undone.");
    onUndone();
  } catch (error) {
    byId("notice").replaceChildren(problem(error, () => takeBack(token, id)));
  }
}

/** The row that has the focus. */
export function current() {
  const element = /** @type {any} */ (document.activeElement)?.closest(".task");
  return element ? rows.get(Number(element.dataset.task)) : undefined;
}

/** @param {number} by 1 for the next row, -1 for the one before */
export function move(by) {
  const here = state.tasks.findIndex((task) => task.id === current()?.task.id);
  const there = here < 0 ? 0 : Math.min(state.tasks.length - 1, Math.max(0, here + by));
  if (state.tasks[there]) rowOf(state.tasks[there]).button.focus();
}

/** The task that the page's address names. @param {string | null} id */
async function startWith(id) {
  const found = id && /^\d{1,9}$/.test(id) ? await api.task(Number(id)).catch(() => null) : null;
  if (found) reveal(found);
}

/**
 * @param {() => void} choose opens the file chooser @param {(q: string) => void} tell called with the words searched for
 * @param {() => void} undone called when something was taken back
 */
export function start(choose, tell, undone) {
  chooseFile = choose;
  onAsked = tell;
  onUndone = undone;
  const asked = new URLSearchParams(location.search);
  state.q = asked.get("q") ?? "";
  state.view = asked.get("view") ?? "open";
  if (!(state.view in VIEWS)) state.view = "open";
  byId("q").value = state.q;
  showViews();
  return reload().then(() => startWith(asked.get("task")));
}
