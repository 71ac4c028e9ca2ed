/** The colours that a series may have, by the theme's names. */
export type Tone = "accent" | "good" | "warn";

/** `up` and `down` are bars from the middle line: what comes stands above it, what goes below. */
export type Series = {
  label: string;
  shape: "line" | "up" | "down";
  tone: Tone;
  /** As counted, never negative; null where nothing is known. */
  values: readonly (number | null)[];
};

export type Columns = [number[], ...(number | null)[][]];

/** What is drawn: places along the axis, then each series, those that hang down below zero. */
export const columnsOf = (places: number, series: readonly Series[]): Columns => [
  Array.from({ length: places }, (_, place) => place),
  ...series.map(({ shape, values }) =>
    values.map((value) => (value === null ? null : shape === "down" ? 0 - value : value)),
  ),
];

/** Which places bear their label: so many as there is room for, evenly, the last always. */
export function labelled(places: number, room: number): number[] {
  const every = Math.max(1, Math.ceil(places / Math.max(1, room)));
  return Array.from({ length: places }, (_, place) => place).filter((place) => (places - 1 - place) % every === 0);
}

/** From where to where the axis goes: zero is on it, and the highest has room above. */
export function reach(columns: Columns): [number, number] {
  const known = columns
    .slice(1)
    .flat()
    .filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  const room = Math.max(1, high - low) * 0.08;
  return [low < 0 ? low - room : 0, high + room];
}
