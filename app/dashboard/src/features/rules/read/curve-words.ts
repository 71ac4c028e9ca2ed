import { count, term } from "@/shared/ui/numbers";
import type { CurveText } from "../document";
import { positionOf, rangeOf } from "./curve";

const UNITS: Record<string, [one: string, many: string]> = {
  w: ["week", "weeks"],
  d: ["day", "days"],
  h: ["hour", "hours"],
  m: ["minute", "minutes"],
  s: ["second", "seconds"],
};

/** "7d" as "7 days"; a number without a unit is one of hours. */
export function spanWords(at: string): string {
  const [, digits = at, unit = "h"] = /^[+-]?(\d+(?:\.\d+)?)\s*([wdhms])?$/.exec(at.trim()) ?? [];
  const [one, many] = UNITS[unit] ?? ["hour", "hours"];
  return `${count(Number(digits))} ${Number(digits) === 1 ? one : many}`;
}

/** Where a point of the curve stands: "7 days before", "at that moment", "10 days after", "at 40". */
export function placeWords(along: string, at: string): string {
  const position = positionOf(at) ?? 0;
  if (along === "value") return `at ${count(position)}`;
  if (along === "share_of") return `at ${count(position)} % of its time`;
  if (along === "running") return `after ${spanWords(at)}`;
  if (position === 0) return "at that moment";
  const before = along.endsWith("_to") ? position > 0 : position < 0;
  return `${spanWords(at)} ${before ? "before" : "after"}`;
}

const ALONG: Record<string, (fact: string) => string> = {
  hours_to: (fact) => `by the time until ${fact}`,
  hours_since: (fact) => `by the time since ${fact}`,
  business_hours_to: (fact) => `by the working time until ${fact}`,
  business_hours_since: (fact) => `by the working time since ${fact}`,
  running: (fact) => `by how long ${fact} has run`,
  share_of: (fact) => `by the share of its target that ${fact} has used up`,
  value: (fact) => `by ${fact}`,
};

export const alongWords = ({ along, fact, calendar }: CurveText) =>
  (ALONG[along]?.(fact) ?? `by ${fact}`) + (calendar ? `, in the hours of the calendar ${calendar}` : "");

/** How much it gives at least and at most: "0 to +30". */
export function rangeWords(curve: CurveText): string {
  const [least, most] = rangeOf(curve);
  const words = (points: number) => (points === 0 ? "0" : term(points));
  if (least === most) return words(least);
  return most <= 0 ? `${words(most)} to ${words(least)}` : `${words(least)} to ${words(most)}`;
}

/** Each corner in words, for whoever does not see the drawing, and for exact reading. */
export function cornerWords(curve: CurveText): string[] {
  const corners = curve.points.map(
    ({ at, points }) => `${placeWords(curve.along, at)}: ${points ? term(points) : "0"}`,
  );
  const { then } = curve;
  if (!then) return corners;
  const step = curve.along === "value" || curve.along === "share_of" ? then.every : spanWords(then.every);
  return [...corners, `then ${term(then.points)} for every ${step}`];
}
