/** Times of work of one day, as shares of it from midnight to midnight. */
export type Span = { from: number; to: number };

const MINUTES = 24 * 60;

const minutesOf = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
};

/** Where the times of work stand on a line that is a day. */
export function spansOf(hours: readonly string[]): Span[] {
  return hours.flatMap((span) => {
    const [from, to] = span.split("-");
    return from && to ? [{ from: minutesOf(from) / MINUTES, to: minutesOf(to) / MINUTES }] : [];
  });
}

/** How many hours of a week are worked. */
export const weeklyHours = (hours: Readonly<Record<string, readonly string[]>>) =>
  Object.values(hours)
    .flatMap(spansOf)
    .reduce((sum, { from, to }) => sum + (to - from) * 24, 0);
