import type { Schema } from "@/shared/api/client";
import { BAND_NAMES } from "@/shared/ui/band";
import { count, several } from "@/shared/ui/numbers";

export type Placed = Schema<"PlacedOut">;
type Moved = Pick<Placed, "rank_before" | "rank_after">;

/** So many places up; below zero, down. */
export const climbed = ({ rank_before, rank_after }: Moved) => rank_before - rank_after;

/** "↑ 3", "↓ 1", "=": for the eye. */
export function arrow(moved: Moved): string {
  const places = climbed(moved);
  if (places === 0) return "=";
  return `${places > 0 ? "↑" : "↓"} ${count(Math.abs(places))}`;
}

/** The same in words, for whoever hears it. */
export function movementWords(moved: Moved): string {
  const places = climbed(moved);
  if (places === 0) return "keeps its place";
  return `${places > 0 ? "up" : "down"} by ${several(Math.abs(places), "place")}`;
}

const BANDS = ["now", "next", "later", "someday"] as const;

type Told = Pick<Schema<"RulesetPreviewOut">, "moved" | "tasks" | "of" | "by_themselves" | "other_points"> & {
  bands: Record<(typeof BANDS)[number], { before: number; after: number; left: number }>;
};

/** "12 tasks change their band: Now −12, Next +12."; nothing where none does. */
function bandSentence(bands: Told["bands"]): string {
  const changed = BANDS.reduce((sum, band) => sum + bands[band].left, 0);
  if (changed === 0) return "";
  const sizes = BANDS.flatMap((band) => {
    const more = bands[band].after - bands[band].before;
    return more === 0 ? [] : [`${BAND_NAMES[band]} ${more > 0 ? "+" : "−"}${count(Math.abs(more))}`];
  });
  const which = sizes.length > 0 ? `: ${sizes.join(", ")}` : "";
  return ` ${several(changed, "task changes its band", "tasks change their band")}${which}.`;
}

/** What a change does, in one to three sentences. */
export function summary({ moved, tasks, of, by_themselves, other_points, bands }: Told): string {
  const looked = tasks < of ? `the first ${count(tasks)} of ${count(of)} open tasks` : several(tasks, "open task");
  if (tasks === 0) return "There is no open task to rank.";
  if (moved === 0) {
    const points = other_points ? ` ${several(other_points, "task has", "tasks have")} other points.` : "";
    return `No task moves: ${looked} keep${tasks === 1 ? "s its place" : " their places"}.${bandSentence(bands)}${points}`;
  }
  const way =
    by_themselves < moved
      ? ` ${count(by_themselves)} by ${by_themselves === 1 ? "itself" : "themselves"}, the others make way.`
      : "";
  return `${count(moved)} of ${looked} move${moved === 1 ? "s" : ""}.${way}${bandSentence(bands)}`;
}

type Line = { rule: string; title: string; because: string; points: number };

/** The lines that make the difference between two sums, the weightiest first. */
export function differingLines(before: readonly Line[], after: readonly Line[]): Line[] {
  const was = new Map(before.map((line) => [line.rule, line]));
  const is = new Map(after.map((line) => [line.rule, line]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .flatMap((rule) => {
      const line = is.get(rule) ?? was.get(rule);
      const points = (is.get(rule)?.points ?? 0) - (was.get(rule)?.points ?? 0);
      return line && Math.abs(points) > 1e-9 ? [{ ...line, points: Math.round(points * 1000) / 1000 }] : [];
    })
    .sort((one, other) => Math.abs(other.points) - Math.abs(one.points));
}
