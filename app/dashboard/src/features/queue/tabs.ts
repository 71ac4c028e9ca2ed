import type { Schema } from "@/shared/api/client";
import type { Filter } from "./choice";
import type { Status } from "./vocabulary";

export type TabName = "open" | "waiting" | "snoozed" | "done" | "declined" | "not_for_us";

export const TABS: readonly { name: TabName; title: string; about: string }[] = [
  { name: "open", title: "Open", about: "All that is to be done" },
  { name: "waiting", title: "Waiting", about: "Open, and it is the other side’s turn" },
  { name: "snoozed", title: "Snoozed", about: "They come back by themselves" },
  { name: "done", title: "Done", about: "Completed" },
  { name: "declined", title: "Declined", about: "Refused, with the reason" },
  { name: "not_for_us", title: "Set aside", about: "Newsletters, bots and the like, with the reason" },
];

/** The tab that shows a filter; null where it asks for several statuses at once. */
export function tabOf({ status, turn }: Filter): TabName | null {
  const statuses: readonly Status[] = status?.length ? status : ["open"];
  const [only, ...more] = statuses;
  if (!only || more.length > 0) return null;
  return only === "open" && turn?.length === 1 && turn[0] === "theirs" ? "waiting" : only;
}

/** The same filter under another tab. The turn that «waiting» asks for goes with it. */
export function underTab({ status, turn, ...rest }: Filter, tab: TabName): Filter {
  const own = tabOf({ ...(status ? { status } : {}), ...(turn ? { turn } : {}) }) === "waiting";
  if (tab === "waiting") return { ...rest, turn: ["theirs"] };
  const kept = turn && !own ? { turn } : {};
  return tab === "open" ? { ...rest, ...kept } : { ...rest, ...kept, status: [tab] };
}

/** What is to be counted for the tabs: the open tasks, with all other filters. */
export const countedForTabs = (filter: Filter): Filter => underTab(filter, "open");

/** How many tasks each tab holds, out of the counts for `countedForTabs`. */
export function tabCounts(counts: Schema<"TaskCounts">): Record<TabName, number> {
  const of = (facet: Schema<"FacetCounts">, value: string) =>
    facet.values.find((each) => each.value === value)?.count ?? 0;
  return {
    open: of(counts.status, "open"),
    waiting: of(counts.turn, "theirs"),
    snoozed: of(counts.status, "snoozed"),
    done: of(counts.status, "done"),
    declined: of(counts.status, "declined"),
    not_for_us: of(counts.status, "not_for_us"),
  };
}
