import type { Line } from "./lines";

const GROUPS = ["pinned", "now", "next", "later", "someday", "held"];

type Known = {
  lines: readonly Line[];
  /** Whether more follow than are loaded. */
  more: boolean;
  /** How many tasks match, where that was counted for just this list. */
  total: number | undefined;
  /** Under which headings they stand, in all; `bands` where these are the bands of the whole list. */
  headings: "none" | "bands" | "others";
  headCount: (key: string) => number | undefined;
};

/** How many rows the list has when all of it is loaded, for `aria-rowcount`: -1 where nobody can know yet. */
export function rowCount({ lines, more, total, headings, headCount }: Known): number {
  if (!more) return lines.length;
  if (total === undefined || headings === "others") return -1;
  if (headings === "none") return Math.max(total, lines.length);
  const counts = GROUPS.map(headCount);
  if (counts.slice(1, -1).includes(undefined)) return -1;
  return Math.max(total + counts.filter((count) => count).length, lines.length);
}
