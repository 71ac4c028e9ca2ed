// Puts the page together: the queue, search, imports, keys, and what is asked again by itself.
import * as account from "./account.js";
import * as api from "./api.js";
import * as context from "./context.js";
import { byId, h, several } from "./dom.js";
import * as importer from "./importer.js";
import * as keyboard from "./keyboard.js";
import { problem } from "./notices.js";
import * as queue from "./queue.js";
import * as sample from "./sample.js";
import * as session from "./session.js";
import * as tidy from "./tidy.js";
import { absolute, when } from "./when.js";

const REFRESH_MS = 60_000;
const TYPING_MS = 250;

async function showLevel() {
  const { level, since } = await api.health().catch(() => ({ level: "OFFLINE", since: null }));
  const chip = byId("level");
  chip.textContent = level[0] + level.slice(1).toLowerCase();
  chip.dataset.level = level;
  chip.setAttribute("aria-label", `Level: ${level.toLowerCase()}`);
  chip.title = since ? `Since ${absolute(since)}` : "The server does not answer";
}

async function showSources() {
  const { items } = await api.integrations().catch(() => ({ items: [] }));
  const lines = items.map((/** @type {any} */ each) =>
    h(
      "li",
      {},
      h("strong", { dir: "auto" }, each.name),
      each.private && h("span", { class: "private", title: "Only some may see it" }, " private"),
      ` ${several(each.items, "item")}, `,
      each.last_success_at ? when(each.last_success_at, "ago") : "nothing yet",
      each.last_error && h("span", { class: "warning" }, ` ${each.last_error.detail}`),
    ),
  );
  byId("source-list").replaceChildren(...lines);
  byId("sources").hidden = lines.length === 0;
}

function refresh() {
  if (document.visibilityState !== "visible") return;
  queue.refresh();
  sample.show();
  showLevel();
  showSources();
}

function startSearch() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const now = () => (clearTimeout(typing), queue.search(byId("q").value.trim()));
  byId("search").addEventListener("submit", (/** @type {Event} */ event) => (event.preventDefault(), now()));
  byId("q").addEventListener("input", () => (clearTimeout(typing), (typing = setTimeout(now, TYPING_MS))));
}

function changed() {
  refresh();
  tidy.count();
}

function startAll() {
  const choose = importer.start(changed);
  context.start(queue.makeTask);
  queue.start(choose, context.show, tidy.again);
  sample.start(changed, choose);
  tidy.start({ open: queue.reveal, merge: queue.merge });
  account.start();
  startSearch();
  keyboard.start();
  showLevel();
  showSources();
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, REFRESH_MS);
}

/** Who is it? What follows depends on what they may do. */
async function start() {
  byId("notice").replaceChildren();
  byId("queue").replaceChildren(h("p", { class: "faint loading" }, "Fetching the queue"));
  try {
    await session.begin();
  } catch (error) {
    byId("queue").replaceChildren();
    return byId("notice").replaceChildren(problem(error, start));
  }
  startAll();
}

start();
