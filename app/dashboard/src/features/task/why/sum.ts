import type { Contribution } from "../queries";

/** A contribution's place in the bar, in percent of the bar's width. */
export type Segment = { line: Contribution; start: number; width: number; back: boolean };
export type Bar = {
  segments: Segment[];
  /** Where zero, the sum, and the bounds of what is shown lie. `bounds` holds only those within the bar. */
  zero: number;
  sum: number;
  bounds: { at: number; points: number }[];
};

const SHOWN_FROM = 0;
const SHOWN_TO = 100;

/** What adds first, the most first; then what takes away; what changes nothing (a pin) last. */
export function inOrder(lines: readonly Contribution[]): Contribution[] {
  const rank = (line: Contribution) => (line.points > 0 ? 0 : line.points < 0 ? 1 : 2);
  return lines.toSorted((a, b) => rank(a) - rank(b) || Math.abs(b.points) - Math.abs(a.points));
}

/** Adds up without the dust of binary fractions: points have at most three decimals. */
export const sumOf = (lines: readonly Pick<Contribution, "points">[]) =>
  Math.round(lines.reduce((sum, line) => sum + line.points * 1000, 0)) / 1000;

/** The bar: parts that add go to the right one after the other, parts that take away go back from there, to the sum. */
export function barOf(lines: readonly Contribution[]): Bar {
  const ordered = inOrder(lines).filter((line) => line.points !== 0);
  const most = sumOf(ordered.filter((line) => line.points > 0));
  const sum = sumOf(ordered);
  const from = Math.min(0, sum);
  const extent = most - from || 1;
  const place = (points: number) => ((points - from) / extent) * 100;
  let reached = 0;
  const segments = ordered.map((line) => {
    const before = reached;
    reached += line.points;
    const start = place(Math.min(before, reached));
    return { line, start, width: (Math.abs(line.points) / extent) * 100, back: line.points < 0 };
  });
  const bounds = [SHOWN_FROM, SHOWN_TO]
    .filter((points) => points !== 0 && points > from && points < most)
    .map((points) => ({ points, at: place(points) }));
  return { segments, zero: place(0), sum: place(sum), bounds };
}

/** Where the shown score is not the points, why. */
export function heldTo(score: number, points: number): string | null {
  if (score === points) return null;
  if (points > SHOWN_TO) return "The score shown is held to 100; the order uses all the points.";
  if (points < SHOWN_FROM) return "The score shown is held to 0; the order uses the points below it, too.";
  return "The score shown is rounded; the order uses the exact points.";
}
