import type { Schema } from "@/shared/api/client";

export type Preview = Schema<"PreviewOut">;
export type Column = Schema<"ColumnOut">;

/** What a person says of reading a table: columns to fields (null leaves one out), the order of dates, a time zone. */
export type Corrections = {
  columns: Record<string, string | null>;
  dayFirst: boolean | null;
  zone: string;
};

export const NOTHING_SAID: Corrections = { columns: {}, dayFirst: null, zone: "" };

export const KEEP = "keep";
export const LEAVE = "leave";
const GUESS = "guess";

/** What a column can mean, in people's words. */
export const FIELDS: Record<string, string> = {
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

const DATES = new Set(["due", "scheduled", "started", "finished", "created", "changed"]);

/** What is chosen for a column. */
export const chosen = (column: Column) => column.field ?? (column.why.startsWith("left out") ? LEAVE : KEEP);

export const meaningOf = (column: Column) => (column.field === null ? chosen(column) : "known");

export const whyOf = (column: Column) =>
  chosen(column) === KEEP && !column.why.endsWith(" the status") ? "Shown with the task" : column.why;

/** Says what a column means. What was guessed in the first place takes back whatever was said before. */
export function corrected(said: Corrections, name: string, value: string, guessed: string): Corrections {
  const meaning = value === guessed ? GUESS : value === LEAVE ? null : value;
  return { ...said, columns: { ...said.columns, [name]: meaning } };
}

const eitherWay = (text: string) => /^\s*(?:0?[1-9]|1[0-2])\/(?:0?[1-9]|1[0-2])\/\d{2,4}\b/.test(text);
const withoutZone = (text: string) => /\D/.test(text) && !/\d:\d\d.*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\)?\s*$/i.test(text);

const dateThat = (preview: Preview, test: (text: string) => boolean) =>
  preview.tables
    .flatMap((table) => table.columns)
    .filter((column) => column.field !== null && DATES.has(column.field))
    .flatMap((column) => column.examples)
    .find(test)
    ?.trim();

/** A date that means one day where the day stands first, and another where the month does; undefined: there is none. */
export const ambiguousDate = (preview: Preview) => dateThat(preview, eitherWay);

/** A date that says no zone of its own. */
export const zonelessDate = (preview: Preview) => dateThat(preview, withoutZone);

const dayName = (day: number, month: number) =>
  `${day} ${new Intl.DateTimeFormat("en", { month: "long" }).format(new Date(2000, month - 1, 1))}`;

/** What `3/4/2026` means, day first and month first. */
export function bothDays(date: string): { dayFirst: string; monthFirst: string } {
  const [one = 1, other = 1] = date.split("/").map(Number);
  return { dayFirst: dayName(one, other), monthFirst: dayName(other, one) };
}

/** As the form of an import wants it. */
export function correctionsForm(said: Corrections): [name: string, value: string][] {
  const parts: [string, string][] = [];
  if (Object.keys(said.columns).length > 0) parts.push(["columns", JSON.stringify(said.columns)]);
  if (said.dayFirst !== null) parts.push(["day_first", String(said.dayFirst)]);
  if (said.zone) parts.push(["zone", said.zone]);
  return parts;
}
