// One task of the queue: its row, and opened, why it stands there and the conversation behind it.
import { actionsFor } from "./actions.js";
import * as api from "./api.js";
import { conversation } from "./conversation.js";
import { count, h, seen, several, term } from "./dom.js";
import { problem } from "./notices.js";
import { related } from "./related.js";
import { chip, told } from "./told.js";
import { when } from "./when.js";
import { link, place } from "./where.js";

/** @param {any} task */
function meta(task) {
  const parts = [
    task.sender && h("span", { class: "sender", dir: "auto" }, task.sender),
    task.status === "snoozed" && task.snoozed_until && when(task.snoozed_until, "asleep"),
    task.due_at && when(task.due_at, "due"),
    task.turn && task.since && when(task.since, task.turn),
    task.assignee && h("span", { dir: "auto" }, `For ${task.assignee}`),
    ...task.labels.map((/** @type {string} */ label) => h("span", { class: "label", dir: "auto" }, label)),
    task.source.sample && h("span", { class: "sample" }, "Sample data"),
    h("span", { dir: "auto" }, place(task.source.integration)),
    task.source.private && h("span", { class: "private", title: "Only some may see it" }, "private"),
    task.stale && h("span", { class: "stale" }, "may be out of date"),
    chip(task),
  ];
  return h("p", { class: "meta" }, ...parts);
}

/** Sentences come with or without their full stop. @param {string} text */
const sentence = (text) => (/[.!?…]["”»]?$/.test(text) ? text : `${text}.`);

/** @param {any} task */
function reasons(task) {
  const sentences = task.status === "open" || task.status === "snoozed" ? task.reasons : [task.status_reason];
  return h("p", { class: "reasons", dir: "auto" }, sentences.filter(Boolean).map(sentence).join(" "));
}

/** @param {any} line a contribution */
function contribution(line) {
  const said = line.quote && line.because.includes(line.quote);
  return h(
    "li",
    { "data-rule": line.rule },
    h("span", { class: "points" }, term(line.points)),
    h("div", {}, h("p", { dir: "auto" }, line.because), line.quote && !said && h("blockquote", { dir: "auto" }, line.quote)),
  );
}

/** @param {any} score */
function why(score) {
  const held = score.score !== score.points && ` (shown as ${count(score.score)}: held to 0–100)`;
  return h(
    "section",
    { class: "why", "aria-label": "Why" },
    h("h4", {}, "Why"),
    h("ol", { class: "sum" }, ...score.contributions.map(contribution)),
    h("p", { class: "total" }, h("span", { class: "points" }, count(score.points)), h("span", {}, score.points === 1 ? "point in all" : "points in all", held)),
    score.valid_until && h("p", { class: "faint" }, "Time alone may change this ", when(score.valid_until, "changes"), "."),
    h(
      "details",
      {},
      h("summary", {}, `Also checked: ${several(score.also_checked.length, "rule")} that gave nothing`),
      h("ul", { class: "checked" }, ...score.also_checked.map((/** @type {any} */ line) => h("li", {}, h("strong", {}, line.title), " ", line.because))),
    ),
    h("p", { class: "faint" }, `By the ruleset ${score.ruleset.name}, version ${score.ruleset.version}.`),
  );
}

/** A task's row. It asks for its explanation when it is opened. */
export class Row {
  /**
   * @param {any} task @param {(row: Row, action: import("./actions.js").Action) => void} onAction
   * @param {import("./related.js").Doing} doing what can be done with related tasks
   */
  constructor(task, onAction, doing) {
    this.task = task;
    this.onAction = onAction;
    this.doing = doing;
    this.shown = "";
    const id = `task-${task.id}`;
    this.button = h("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": `${id}-more`, "aria-describedby": `${id}-facts`, dir: "auto", onclick: () => this.toggle() });
    this.rank = h("span", { class: "rank" });
    this.facts = h("div", { id: `${id}-facts` });
    this.score = h("p", { class: "score" });
    this.body = h("div", { class: "more", id: `${id}-more`, hidden: true });
    const head = h("div", { class: "head" }, this.rank, h("div", { class: "what" }, h("h3", {}, this.button), this.facts), this.score);
    this.element = h("li", { class: "task", id, "data-task": task.id }, head, this.body);
  }

  /** @param {any} task @param {number | null} rank null where it stands outside the list */
  update(task, rank) {
    this.rank.textContent = rank === null ? "" : String(rank);
    const now = JSON.stringify(task);
    if (now === this.shown) return this.element;
    this.task = task;
    this.shown = now;
    this.button.textContent = seen(task.title);
    this.facts.replaceChildren(meta(task), reasons(task));
    this.score.replaceChildren(h("span", { class: "unseen" }, "Score "), count(task.score));
    this.element.dataset.band = task.band;
    if (!this.body.hidden) this.load();
    return this.element;
  }

  toggle() {
    this.body.hidden = !this.body.hidden;
    this.button.setAttribute("aria-expanded", String(!this.body.hidden));
    if (!this.body.hidden) this.load();
  }

  /** Open it, and bring it before the reader's eyes. */
  reveal() {
    if (this.body.hidden) this.toggle();
    this.button.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "start" });
  }

  async load() {
    if (!this.body.hasChildNodes()) this.body.replaceChildren(h("p", { class: "faint loading" }, "Asking why"));
    try {
      const others = related(this.task, this.doing);
      const telling = told(this.task, () => this.renew());
      const [score, items, source] = await Promise.all([api.score(this.task.id), api.items(this.task.id), telling, others.loaded]);
      this.body.replaceChildren(...[this.actions(), source].filter((part) => part !== null), h("div", { class: "columns" }, why(score), conversation(this.task, items), others.section));
    } catch (error) {
      this.body.replaceChildren(problem(error, () => this.load()));
    }
  }

  /** Ask for the task again, and keep the reader where they are. */
  async renew() {
    this.update(await api.task(this.task.id), Number(this.rank.textContent) || null);
    this.button.focus();
  }

  actions() {
    const buttons = actionsFor(this.task).map((action) =>
      h("button", { type: "button", "aria-keyshortcuts": action.key, onclick: () => this.onAction(this, action) }, action.label(), h("kbd", { "aria-hidden": "true" }, action.key)),
    );
    const url = link(this.task.source.url);
    if (!buttons.length && !url) return null;
    return h("p", { class: "actions" }, ...buttons, url && h("a", { href: url, target: "_blank", rel: "noreferrer" }, "Open at its source"));
  }

  /** @param {unknown} error @param {() => void} retry */
  fail(error, retry) {
    this.element.querySelector(":scope > .problem")?.remove();
    const panel = problem(error, () => (panel.remove(), retry()));
    this.body.before(panel);
    panel.querySelector("button")?.focus();
  }
}
