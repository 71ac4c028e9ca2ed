import { count, several } from "@/shared/ui/numbers";
import type { Day } from "../queries";

// A day is a name and no moment: it is read and written in one zone, else it moves by one west of Greenwich.
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const asDate = (day: string) => new Date(`${day}T00:00:00Z`);

export const dayLabel = (day: string) => short.format(asDate(day));

export const dayName = ({ day, so_far }: Pick<Day, "day" | "so_far">) =>
  `${long.format(asDate(day)).replace(",", "")}${so_far ? ", so far" : ""}`;

export type Outline = {
  open: number;
  /** How much it changed since the first day that is known; null where that is the last one. */
  changed: number | null;
  /** The first day that is known. */
  from: Day;
  came: number;
  closed: number;
  /** So many days at the beginning of which nothing is known. */
  unknown: number;
};

/** What the days say in all; null where nothing is known of any. */
export function outlineOf(days: readonly Day[]): Outline | null {
  const known = days.filter(({ open }) => open !== null);
  const [first] = known;
  const last = known.at(-1);
  if (!first || !last) return null;
  const total = (numbers: (number | null)[]) => numbers.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return {
    open: last.open ?? 0,
    changed: first === last ? null : (last.open ?? 0) - (first.open ?? 0),
    from: first,
    came: total(known.map(({ came }) => came)),
    closed: total(known.map(({ closed }) => closed)),
    unknown: days.length - known.length,
  };
}

/** How the size changed, in words. */
export function changeWords({ changed, from }: Pick<Outline, "changed" | "from">): string {
  if (changed === null) return "nothing to compare it with yet";
  const than = `at the end of ${dayName({ ...from, so_far: false })}`;
  if (changed === 0) return `as many as ${than}`;
  return `${count(Math.abs(changed))} ${changed > 0 ? "more" : "fewer"} than ${than}`;
}

/** The size of the queue as a sentence, for those who don't see the chart. */
export const sizeSentence = (outline: Outline) =>
  `Open tasks day by day: ${count(outline.open)} now, ${changeWords(outline)}.`;

export const flowSentence = ({ came, closed }: Outline) =>
  `Tasks that came and that left the queue, day by day: ${count(came)} came, ${count(closed)} left.`;

export const unknownWords = (unknown: number) =>
  `Of the first ${several(unknown, "day")} nothing is known: nothing was here yet.`;
