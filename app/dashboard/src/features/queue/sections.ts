import type { Schema } from "@/shared/api/client";
import type { Task, TaskParameters } from "@/shared/api/tasks";
import { BAND_NAMES, groupOf } from "@/shared/ui/band";
import { placeName } from "@/shared/ui/outside";
import { MOST_VALUES, type Filter } from "./choice";
import { DUE_WORDS, DUES, TURN_WORDS, TURNS, type GroupBy, type Sort } from "./vocabulary";

/** A part of the list under a heading of its own, which is asked for by itself: so it is whole, and in its own order. */
export type Section = {
  key: string;
  title: string;
  filter: Filter | Pick<TaskParameters, "not_assignee" | "not_integration">;
};

type Counts = Schema<"TaskCounts">;
type Facet = "integration" | "assignee" | "turn";

/** The key of the part that holds what is in no other; nobody and no integration is called so. */
const OTHERS = "";
const UNLIKE = { assignee: "not_assignee", integration: "not_integration" } as const;

const ALL: readonly Section[] = [{ key: "", title: "", filter: {} }];

/** Whether a grouping follows from the order itself, or from what is loaded: then nothing is asked for by parts. */
export const isOneList = (group: GroupBy, sort: Sort) =>
  group === "none" || group === "project" || (group === "band" && sort === "rank");

const bands = (filter: Filter): Section[] => {
  const tier = (name: "pinned" | "held") => ({ key: name, title: BAND_NAMES[name], filter: { tier: [name] } });
  const all: (Section & { filter: Filter })[] = [
    tier("pinned"),
    ...(["now", "next", "later", "someday"] as const).map((band) => ({
      key: band,
      title: BAND_NAMES[band],
      filter: { tier: ["normal" as const], band: [band] },
    })),
    tier("held"),
  ];
  const wanted = (section: { filter: Filter }) =>
    (!filter.tier?.length || filter.tier.some((each) => section.filter.tier?.includes(each))) &&
    (!filter.band?.length || !section.filter.band || filter.band.some((each) => section.filter.band?.includes(each)));
  return all.filter(wanted);
};

/** What a task stands under in a list that is asked for as a whole; empty in one that is asked for by parts. */
export function headOf(task: Task, group: GroupBy, sort: Sort): string {
  if (group === "project") return task.project ?? "";
  return group === "band" && sort === "rank" ? groupOf(task) : "";
}

/** A value of a facet as a heading. Names come from outside. */
export function titleOf(group: GroupBy, value: string): string {
  if (group === "integration") return value === "none" ? "Written here" : placeName(value);
  if (group === "assignee") return value === "none" ? "Nobody’s" : value === "me" ? "Mine" : value;
  if (group === "turn") return TURN_WORDS[value as keyof typeof TURN_WORDS];
  if (group === "due") return DUE_WORDS[value as keyof typeof DUE_WORDS];
  return value;
}

/** Of names only the most frequent are counted, and a new one may have come since: the last part holds all others. */
function named(group: "integration" | "assignee", counts: Counts): Section[] {
  const values = counts[group].values.filter(({ count }) => count > 0).map(({ value }) => value);
  const listed = values.slice(0, MOST_VALUES);
  return [
    ...listed.map((value) => ({ key: value, title: titleOf(group, value), filter: { [group]: [value] } })),
    { key: OTHERS, title: "Others", filter: { [UNLIKE[group]]: listed } },
  ];
}

/** The parts of a list, in their order: those that were asked for, else those that hold something. */
export function sectionsOf(group: GroupBy, sort: Sort, filter: Filter, counts: Counts | null): readonly Section[] {
  if (isOneList(group, sort) || !counts) return ALL;
  if (group === "band") return bands(filter);
  if (group === "due") {
    const windows = filter.due?.length ? DUES.filter((each) => filter.due?.includes(each)) : DUES;
    return windows.map((each) => ({ key: each, title: titleOf("due", each), filter: { due: [each] } }));
  }
  const facet = group as Facet;
  const chosen = filter[facet];
  if (facet !== "turn" && !chosen?.length) return named(facet, counts);
  const values = chosen?.length
    ? chosen
    : counts[facet].values.filter(({ count }) => count > 0).map(({ value }) => value);
  const ordered = facet === "turn" ? TURNS.filter((each) => values.some((value) => value === each)) : values;
  return ordered.map((value) => ({ key: value, title: titleOf(group, value), filter: { [facet]: [value] } }));
}

/** How many tasks stand under a heading, where that was counted; the counts are those of the same filter. */
export function countOf(group: GroupBy, key: string, counts: Counts | undefined, ofNormal: Counts | undefined) {
  const among = (facet: Schema<"FacetCounts"> | undefined) => facet?.values.find((each) => each.value === key)?.count;
  if (group === "band") {
    if (key === "pinned" || key === "held") return among(counts?.tier);
    return among((ofNormal ?? (counts && hasTiers(counts) ? undefined : counts))?.band);
  }
  if (group !== "integration" && group !== "assignee" && group !== "turn") return undefined;
  if (key !== OTHERS || !counts) return among(counts?.[group]);
  return Math.max(0, counts.total - counts[group].values.reduce((sum, each) => sum + each.count, 0));
}

/** Whether some tasks stand above or below the bands: then bands have to be counted without them. */
export const hasTiers = (counts: Counts) =>
  counts.tier.values.some(({ value, count }) => value !== "normal" && count > 0);
