import type { Schema } from "@/shared/api/client";
import type { TaskParameters } from "@/shared/api/tasks";
import { SEVERAL, type QueueSearch, type Several } from "./search";
import {
  BANDS,
  COLUMNS,
  DUES,
  STANDARD_COLUMNS,
  STATUSES,
  TIERS,
  TURNS,
  type Column,
  type GroupBy,
  type Sort,
} from "./vocabulary";
import { joined, parted } from "./words-list";

/** Which tasks are wanted. What is not asked for is not there, so that equal wishes are equal objects. */
export type Filter = Omit<TaskParameters, "sort">;
/** Which tasks are wanted, and how they are shown. */
export type Choice = { filter: Filter; sort: Sort; group: GroupBy; columns: readonly Column[] };

export const MOST_VALUES = 50; // of one filter: the API takes no more
const CLOSED: Partial<Record<Several | "columns", readonly string[]>> = {
  status: STATUSES,
  band: BANDS,
  tier: TIERS,
  turn: TURNS,
  due: DUES,
  columns: COLUMNS,
};

function listed(name: Several | "columns", text: string | undefined): string[] {
  const known = CLOSED[name];
  return parted(text ?? "")
    .filter((value) => !known || known.includes(value))
    .slice(0, MOST_VALUES);
}

const onlyOpen = (status: Filter["status"]) => !status || (status.length === 1 && status[0] === "open");
/** Work that waits to be done stands by rank; what was dealt with, by when. */
const waits = (status: Filter["status"]) => !status || status.every((each) => each === "open" || each === "snoozed");
const usualSort = (filter: Filter): Sort => (waits(filter.status) ? "rank" : "-updated_at");
const usualGroup = (filter: Filter, sort: Sort): GroupBy =>
  sort === "rank" && onlyOpen(filter.status) ? "band" : "none";

export function filterOf(given: Partial<Record<Several, readonly string[] | null>> & Omit<Filter, Several>): Filter {
  const lists = SEVERAL.map((name) => [name, given[name] ?? []] as const).filter(([, values]) => values.length > 0);
  const filter = Object.fromEntries(lists) as Filter;
  if (onlyOpen(filter.status)) delete filter.status;
  const q = given.q?.trim();
  return {
    ...filter,
    ...(q ? { q } : {}),
    ...(given.due_after ? { due_after: given.due_after } : {}),
    ...(given.due_before ? { due_before: given.due_before } : {}),
  };
}

/** What an address asks for; `columns` are those that this browser is used to. */
export function choiceOf(search: QueueSearch, columns: readonly Column[] = STANDARD_COLUMNS): Choice {
  const { q = null, due_after = null, due_before = null } = search;
  const lists = Object.fromEntries(SEVERAL.map((name) => [name, listed(name, search[name])]));
  const filter = filterOf({ ...lists, q, due_after, due_before });
  const sort = search.sort ?? usualSort(filter);
  const chosen = search.columns === undefined ? columns : (listed("columns", search.columns) as Column[]);
  return { filter, sort, group: search.group ?? usualGroup(filter, sort), columns: chosen };
}

/** The same choice with another filter: order and grouping are the usual ones for it, unless they were `asked` for. */
export function withFilter(choice: Choice, filter: Filter, asked: Pick<QueueSearch, "sort" | "group">): Choice {
  const sort = asked.sort ?? usualSort(filter);
  return { ...choice, filter, sort, group: asked.group ?? usualGroup(filter, sort) };
}

/** The address for a choice: what is usual is left out of it. Columns stand there once they were chosen. */
export function searchOf({ filter, sort, group, columns }: Choice, withColumns: boolean): QueueSearch {
  const search: QueueSearch = {};
  for (const name of SEVERAL) {
    const values = filter[name];
    if (values?.length) search[name] = joined(values);
  }
  for (const name of ["q", "due_after", "due_before"] as const) if (filter[name]) search[name] = filter[name];
  if (sort !== usualSort(filter)) search.sort = sort;
  if (group !== usualGroup(filter, sort)) search.group = group;
  if (withColumns) search.columns = joined(columns) || "none";
  return search;
}

/** What `GET /tasks` is asked with. */
export const parametersOf = ({ filter, sort }: Pick<Choice, "filter" | "sort">): TaskParameters => ({
  ...filter,
  sort,
});

/** A saved view as a choice. */
export const choiceOfView = (view: Schema<"ViewOut">): Choice => ({
  filter: filterOf(view.filter),
  sort: view.sort,
  group: view.group_by,
  columns: view.columns,
});

/** Whether two choices show the same. The order of a filter's values says nothing; that of columns does. */
export function sameChoice(one: Choice, other: Choice): boolean {
  const plain = ({ filter, sort, group, columns }: Choice) => {
    const sorted = SEVERAL.map((name) => [name, [...(filter[name] ?? [])].sort()]);
    const times = [filter.due_after, filter.due_before].map((at) => (at ? Date.parse(at) : null));
    return JSON.stringify([sorted, filter.q ?? null, times, sort, group, columns]);
  };
  return plain(one) === plain(other);
}

/** How many filters are set beside the words and the status. */
export const filtersSet = (filter: Filter) =>
  SEVERAL.filter((name) => name !== "status" && filter[name]?.length).length +
  (filter.due_after || filter.due_before ? 1 : 0);
