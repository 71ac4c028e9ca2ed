import type { Forecast } from "../queries";

export type Step = { at: number; points: number };
/** A step chart in a field of 100 by 100, and what stands at its edges. */
export type Chart = { path: string; low: number; high: number; from: number; until: number };

const AIR = 0.08;

/** Points over time: level between two moments, a step at each. */
export function chartOf(
  changes: readonly Pick<Forecast["changes"][number], "at" | "points">[],
  until: string,
): Chart | null {
  const steps = changes.map(({ at, points }): Step => ({ at: Date.parse(at), points }));
  const first = steps[0];
  const end = Date.parse(until);
  if (!first || end <= first.at) return null;
  const all = steps.map(({ points }) => points);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const extent = high - low || 1;
  const x = (at: number) => round(((at - first.at) / (end - first.at)) * 100);
  const y = (points: number) => round(100 * (1 - AIR - ((points - low) / extent) * (1 - 2 * AIR)));
  const path = steps.map(({ at, points }, index) => (index ? `H${x(at)}V${y(points)}` : `M0 ${y(points)}`)).join("");
  return { path: `${path}H100`, low, high, from: first.at, until: end };
}

const round = (value: number) => Math.round(value * 100) / 100;
