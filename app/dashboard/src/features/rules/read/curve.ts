import type { CurvePoint, CurveText } from "../document";

/** What a drawing of a curve needs, in the units of its box; the box grows downwards, as screens do. */
export type Geometry = {
  /** The curve itself, as an SVG path. */
  line: string;
  /** Where nothing is given, from left to right. */
  zero: number;
  /** Where the moment itself stands; null where it is not on the drawing. */
  moment: number | null;
  corners: { x: number; y: number; at: string; points: number }[];
  least: number;
  most: number;
};

const HOURS: Record<string, number> = { w: 168, d: 24, h: 1, m: 1 / 60, s: 1 / 3600 };
const BACKWARDS = new Set(["hours_to", "business_hours_to"]);

/** A position as rules write it ("7d", "-10d", "24h", 40), in hours or as the number it is; null where it is neither. */
export function positionOf(at: string): number | null {
  const found = /^([+-]?\d+(?:\.\d+)?)\s*([wdhms]?)$/.exec(at.trim());
  if (!found) return null;
  const [, digits, unit] = found;
  return Number(digits) * (unit ? (HOURS[unit] ?? 1) : 1);
}

/** Far points are drawn nearer, or a year would leave no room for a day. Order and sign stay. */
const squeezed = (position: number) => Math.sign(position) * Math.log1p(Math.abs(position));

const isTime = (along: string) => along !== "value" && along !== "share_of";

type Placed = { position: number; point: CurvePoint };

function placed(curve: CurveText): Placed[] {
  const sign = BACKWARDS.has(curve.along) ? -1 : 1; // time runs to the right
  return curve.points.flatMap((point) => {
    const position = positionOf(point.at);
    return position === null ? [] : [{ position: position * sign, point }];
  });
}

/** The curve's corners in a box of the given size, with the value before its first and after its last one. */
export function geometry(curve: CurveText, width: number, height: number): Geometry {
  const all = placed(curve);
  const values = all.map(({ point }) => point.points);
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const scale = isTime(curve.along) || spreads(all) ? squeezed : (position: number) => position;
  const xs = all.map(({ position }) => scale(position));
  const left = Math.min(...xs);
  const reach = Math.max(...xs) - left || 1;
  const margin = width * 0.08;
  const x = (position: number) => round(margin + ((scale(position) - left) / reach) * (width - 2 * margin));
  const y = (points: number) => round(height - ((points - least) / (most - least || 1)) * height);
  const corners = all.map(({ position, point }) => ({
    x: x(position),
    y: y(point.points),
    at: point.at,
    points: point.points,
  }));
  return { line: path(corners, curve, width), zero: y(0), moment: momentIn(all, x), corners, least, most };
}

/** Numbers that lie orders of magnitude apart, as amounts of money do. */
function spreads(all: Placed[]): boolean {
  const positions = all.map(({ position }) => Math.abs(position)).filter(Boolean);
  return Math.max(...positions) / Math.min(...positions) > 50;
}

const momentIn = (all: Placed[], x: (position: number) => number) =>
  all.some(({ position }) => position < 0) && all.some(({ position }) => position >= 0) ? x(0) : null;

function path(corners: Geometry["corners"], curve: CurveText, width: number): string {
  const [first] = corners;
  const last = corners.at(-1);
  if (!first || !last) return "";
  const rise = curve.then ? -Math.sign(curve.then.points) * 3 : 0;
  const middle = corners.map(({ x, y }) => `L${x} ${y}`).join("");
  return `M0 ${first.y}${middle}L${width} ${Math.max(0, last.y + rise)}`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The least and the most that a curve gives between its corners. */
export function rangeOf(curve: CurveText): [number, number] {
  const values = curve.points.map((point) => point.points);
  return values.length ? [Math.min(...values), Math.max(...values)] : [0, 0];
}
