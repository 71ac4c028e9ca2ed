// Before a table is imported: what its columns are taken to mean, to look at and correct.
import * as api from "./api.js";
import { byId, h, say, several } from "./dom.js";
import { problem } from "./notices.js";
import { inZone } from "./when.js";

const GLANCE = 512;
const TAIL = 1 << 18;
const SETTLED_MS = 150; // arrow keys run through a list of choices
const MAIL = /^(?:From |(?:from|to|date|subject|received|return-path|delivered-to|message-id|mime-version|x-[\w-]+):)/i;

/** What a column can mean, in people's words. @type {Record<string, string>} */
export const FIELDS = {
  title: "Title",
  text: "Text",
  status: "Status",
  priority: "Priority",
  due: "Due date",
  assignee: "Who does it",
  creator: "Who made it",
  labels: "Labels",
  project: "Project",
  depends_on: "Waits for (ids)",
  scheduled: "Not before",
  started: "Started",
  finished: "Finished",
  created: "Created",
  changed: "Last changed",
  id: "The row's own id",
  url: "Address",
};
const DATES = ["due", "scheduled", "started", "finished", "created", "changed"];
const KEEP = "keep";
const LEAVE = "leave";
/** @type {Record<string, string>} */
const STATUSES = { open: "Open", done: "Done", declined: "Declined" };

/**
 * Whether it is worth asking how its columns are read: sending a large mailbox twice is not.
 * @param {File} file
 */
export async function mayHoldTables(file) {
  const head = await file.slice(0, GLANCE).text();
  if (MAIL.test(head) || head.startsWith("\x1f")) return false;
  if (!head.startsWith("PK")) return true;
  const names = await file.slice(-TAIL).text(); // an archive lists its files at its end
  return !/\.mbox|\.eml|(?:users|channels)\.json/i.test(names);
}

/** What the select shows for a column. @param {any} column */
const chosen = (column) => column.field ?? (column.why.startsWith("left out") ? LEAVE : KEEP);

/** @param {string} text */
const eitherWay = (text) => /^\s*(?:0?[1-9]|1[0-2])\/(?:0?[1-9]|1[0-2])\/\d{2,4}\b/.test(text);
/** @param {string} text */
const withoutZone = (text) => /\D/.test(text) && !/\d:\d\d.*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\)?\s*$/i.test(text);

/** @param {any} preview @param {(text: string) => boolean} test the first date in any table that passes */
const dateWith = (preview, test) =>
  preview.tables
    .flatMap((/** @type {any} */ table) => table.columns)
    .filter((/** @type {any} */ column) => DATES.includes(column.field))
    .flatMap((/** @type {any} */ column) => column.examples)
    .find(test);

/** One question before an import: shown until it is answered. */
class Question {
  /** @param {File} file @param {any} preview */
  constructor(file, preview) {
    this.file = file;
    this.preview = preview;
    this.first = preview; // what was guessed before anything was said
    /** @type {import("./api.js").Corrections} */
    this.said = { columns: {}, dayFirst: null, zone: "" };
    this.asked = 0;
    this.tables = h("div", { class: "mapping-tables", "aria-busy": "false" });
    this.dates = h("div", { class: "mapping-dates" });
    this.element = this.dialog();
    this.show();
  }

  dialog() {
    const rows = this.preview.tables.length > 1 ? `${this.preview.tables.length} tables` : "a table";
    return h(
      "dialog",
      { class: "mapping", "aria-labelledby": "mapping-title", "aria-describedby": "mapping-intro" },
      h(
        "form",
        { method: "dialog" },
        h(
          "header",
          {},
          h("h2", { id: "mapping-title" }, "This is how your columns are read"),
          h("p", { class: "faint", id: "mapping-intro", dir: "auto" }, `${this.file.name} holds ${rows}. Correct what is wrong; it is remembered for the next import.`),
        ),
        h("div", { class: "mapping-body" }, this.dates, this.tables),
        h("footer", {}, h("button", { class: "primary", value: "import", autofocus: true }, "Import"), h("button", { value: "" }, "Cancel")),
      ),
    );
  }

  /** What is said of dates; only where it makes a difference. */
  showDates() {
    const either = dateWith(this.preview, eitherWay);
    const zoneless = dateWith(this.preview, withoutZone);
    this.dates.replaceChildren(...[either && this.dateOrder(either), zoneless && this.zone(zoneless)].filter(Boolean));
    for (const [id, value] of [["mapping-order", this.said.dayFirst ?? ""], ["mapping-zone", this.said.zone]]) {
      const select = this.dates.querySelector(`#${id}`);
      if (select) select.value = String(value);
    }
  }

  /** @param {string} example */
  dateOrder(example) {
    const [one, other] = example.trim().split("/").map(Number);
    const named = (/** @type {number} */ day, /** @type {number} */ month) =>
      `${day} ${new Intl.DateTimeFormat("en", { month: "long" }).format(new Date(2000, month - 1, 1))}`;
    const options = [
      h("option", { value: "" }, "judge by the other dates"),
      h("option", { value: "true" }, `${named(one, other)} (day first)`),
      h("option", { value: "false" }, `${named(other, one)} (month first)`),
    ];
    const say = (/** @type {any} */ event) => this.change(() => (this.said.dayFirst = event.target.value ? event.target.value === "true" : null));
    return h("label", {}, h("span", {}, `«${example.trim()}» means`), h("select", { id: "mapping-order", onchange: say }, ...options));
  }

  /** @param {string} example */
  zone(example) {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const all = [...new Set([here, ...(Intl.supportedValuesOf?.("timeZone") ?? [])])].filter((zone) => zone !== "UTC");
    const options = [h("option", { value: "" }, "UTC, unless you said otherwise before"), ...all.map((zone) => h("option", { value: zone }, zone.replaceAll("_", " ")))];
    const say = (/** @type {any} */ event) => this.change(() => (this.said.zone = event.target.value));
    return h("label", {}, h("span", { dir: "auto" }, `Days and times such as «${example.trim()}» are meant in`), h("select", { id: "mapping-zone", onchange: say }, ...options));
  }

  show() {
    const held = /** @type {any} */ (document.activeElement)?.id;
    this.showDates();
    const open = new Map([...this.tables.querySelectorAll("details[data-table]")].map((each) => [each.dataset.table, each.open]));
    const alone = this.preview.tables.length === 1;
    this.tables.replaceChildren(...this.preview.tables.map((/** @type {any} */ table, /** @type {number} */ place) => this.table(table, place, alone, open.get(String(place)) ?? place === 0)));
    if (held?.startsWith("mapping-") && document.activeElement?.id !== held) byId(held)?.focus({ preventScroll: true });
  }

  /** @param {any} table @param {number} place @param {boolean} alone @param {boolean} open */
  table(table, place, alone, open) {
    const columns = table.columns.map((/** @type {any} */ column, /** @type {number} */ index) => this.column(column, `mapping-${place}-${index}`, this.first.tables[place]?.columns[index] ?? column));
    const parts = [
      h("ul", { class: "mapping-columns", "aria-label": `Columns of ${table.name}` }, ...columns),
      table.rows.length > 0 && h("h4", {}, table.rows.length > 1 ? `The first ${table.rows.length} rows would become` : "Its row would become"),
      h("ol", { class: "mapping-rows" }, ...table.rows.map((/** @type {any} */ each) => row(each, this.said.zone || "UTC"))),
    ].filter(Boolean);
    if (alone) return h("section", { "aria-label": table.name }, ...parts);
    const meant = table.columns.filter((/** @type {any} */ column) => column.field).length;
    const summary = h("summary", {}, h("strong", { dir: "auto" }, table.name), ` ${meant} of ${several(table.columns.length, "column")} understood`);
    return h("details", { "data-table": place, open }, summary, ...parts);
  }

  /** @param {any} column @param {string} id @param {any} guessed the column as it was before anything was said */
  column(column, id, guessed) {
    const now = chosen(column);
    const choices = [[KEEP, "Keep as it is"], [LEAVE, "Leave it out"], ...Object.entries(FIELDS)];
    const options = choices.map((/** @type {any} */ [value, words]) => h("option", { value, selected: value === now }, words));
    const onchange = (/** @type {any} */ event) => this.change(() => this.correct(column.name, event.target.value, chosen(guessed)));
    return h(
      "li",
      { "data-meaning": column.field ? "known" : now },
      h("label", { for: id, dir: "auto" }, column.name || "(no name)"),
      h("span", { class: "examples faint", dir: "auto" }, column.examples.join(" · ") || "(empty)"),
      h("select", { id, "aria-describedby": `${id}-why`, onchange }, ...options),
      h("span", { class: "why-so faint", id: `${id}-why` }, now === KEEP && !/ the status$/.test(column.why) ? "shown with the task" : column.why),
    );
  }

  /** @param {string} name @param {string} value @param {string} before what was guessed */
  correct(name, value, before) {
    if (value === before) this.said.columns[name] = "guess";
    else this.said.columns[name] = value === LEAVE ? null : value;
  }

  /** Say something, and see at once what it makes of the rows. @param {() => void} saying */
  async change(saying) {
    saying();
    const mine = ++this.asked;
    this.tables.querySelector(":scope > .problem")?.remove();
    this.tables.setAttribute("aria-busy", "true");
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const preview = mine === this.asked && (await api.preview(this.file, this.said));
      if (mine !== this.asked) return;
      this.preview = preview;
      this.show();
      say("The rows are read again.");
    } catch (error) {
      if (mine === this.asked) this.tables.prepend(problem(error, () => this.change(() => {})));
    } finally {
      if (mine === this.asked) this.tables.setAttribute("aria-busy", "false");
    }
  }
}

/** A row as its task would be. @param {any} row @param {string} zone */
function row(row, zone) {
  const parts = [
    row.status ? row.status_name || STATUSES[row.status] : "A record, no task",
    row.due_at && `Due ${inZone(row.due_at, zone)}`,
    row.priority && `${row.priority} priority`,
    row.assignees.length > 0 && `For ${row.assignees.join(", ")}`,
    row.project,
    ...row.labels,
  ];
  const kept = row.fields.slice(0, 4).map((/** @type {any} */ each) => `${each.name}: ${each.value.slice(0, 60)}`);
  const rest = row.fields.length > 4 ? ` and ${row.fields.length - 4} more` : "";
  return h(
    "li",
    { class: row.status === "open" ? null : "settled" },
    h("p", { class: "mapping-row-title", dir: "auto" }, row.title || "(no title)"),
    h("p", { class: "meta" }, ...parts.filter(Boolean).map((part) => h("span", { dir: "auto" }, part))),
    kept.length > 0 && h("p", { class: "faint", dir: "auto" }, `${kept.join(" · ")}${rest}`),
    row.not_for_us && h("p", { class: "faint", dir: "auto" }, row.not_for_us),
    ...row.problems.map((/** @type {string} */ each) => h("p", { class: "warning", dir: "auto" }, each)),
  );
}

/**
 * Ask how a file's tables are to be read.
 * @param {File} file @param {any} preview @returns {Promise<import("./api.js").Corrections | null>} null: not at all
 */
export function ask(file, preview) {
  const question = new Question(file, preview);
  document.body.append(question.element);
  question.element.showModal();
  return new Promise((resolve) => {
    question.element.addEventListener("close", () => {
      question.element.remove();
      resolve(question.element.returnValue === "import" ? question.said : null);
    });
  });
}
