import type { Schema } from "@/shared/api/client";
import type { TaskParameters } from "@/shared/api/tasks";
import { GROUP_BY, SORTS, STATUSES, type GroupBy, type Sort } from "./vocabulary";

/** Filters of which several values may be chosen; in an address one text holds all of them. */
export const SEVERAL = [
  "status",
  "band",
  "tier",
  "turn",
  "due",
  "integration",
  "kind",
  "assignee",
  "label",
] as const satisfies readonly (keyof TaskParameters)[];
export type Several = (typeof SEVERAL)[number];

/** What the queue's address says: which tasks, in which order, how they are shown, and which one is open. */
export type QueueSearch = Partial<Record<Several | "q" | "due_after" | "due_before" | "columns", string>> & {
  sort?: Sort;
  group?: GroupBy;
  /** The saved view that was chosen last. What it says stands in the address too, so that a link shows the same. */
  view?: Schema<"ViewOut">["id"];
  task?: number;
};

const MOST_LETTERS = 500;
const MOST_OF_A_LIST = 4_000;

const text = (value: unknown, most: number) =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value).slice(0, most)
    : "";
const moment = (value: unknown) => (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : "");
const number = (value: unknown) => {
  const given = Number(value);
  return Number.isSafeInteger(given) && given > 0 ? given : undefined;
};

/** Reads an address that anybody may have typed: what it can't understand it leaves out. */
export function queueSearch(given: Record<string, unknown>): QueueSearch {
  const search: QueueSearch = {};
  const texts = {
    ...Object.fromEntries([...SEVERAL, "columns"].map((name) => [name, text(given[name], MOST_OF_A_LIST)])),
    q: text(given.q, MOST_LETTERS),
    due_after: moment(given.due_after),
    due_before: moment(given.due_before),
  };
  for (const [name, value] of Object.entries(texts)) if (value) search[name as Several] = value;
  // The first dashboard called a status so, and its addresses are in people's bookmarks.
  const status = STATUSES.find((each) => each === given.view);
  if (status && status !== "open") search.status ??= status;
  const sort = SORTS.find((each) => each === given.sort);
  if (sort) search.sort = sort;
  const group = GROUP_BY.find((each) => each === given.group);
  if (group) search.group = group;
  const view = number(given.view);
  if (view) search.view = view;
  const task = number(given.task);
  if (task) search.task = task;
  return search;
}
