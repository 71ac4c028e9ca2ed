type Parsed = { text: string; index: number; start: { date: () => Date; isCertain: (part: "hour") => boolean } };
/** What chrono-node offers, as far as it is used here: it is loaded when a dialog opens. */
export type Parse = (text: string, now: Date, options: { forwardDate: boolean }) => readonly Parsed[];

export type Understood = { at: Date } | { problem: string } | null;

const BARE_HOUR = /^\s*(?:at\s+)?([01]?\d|2[0-3])\s*$/;
const TIME_OF_DAY = /tonight|morning|noon|evening|night/i;

const atHour = (day: Date, hour: number) => new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour);
const daysOn = (now: Date, days: number, hour: number) =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);

/** A moment from words like «tomorrow 9», in the reader's zone. Null where nothing was written. A day alone is `hour`. */
export function understand(parse: Parse, text: string, now: Date, hour: number): Understood {
  const words = text.trim();
  if (!words) return null;
  const [found] = parse(BARE_HOUR.test(words) ? `${words}:00` : words, now, { forwardDate: true });
  if (!found) return { problem: "That is no time this page understands. Try «tomorrow 9», «in 2 h» or «15 jan»." };
  let at = found.start.date();
  if (!found.start.isCertain("hour") && !TIME_OF_DAY.test(found.text)) {
    const rest = words.slice(found.index + found.text.length);
    at = atHour(at, Number(BARE_HOUR.exec(rest)?.[1] ?? hour));
  }
  at.setSeconds(0, 0);
  return at > now ? { at } : { problem: `That has passed: ${exact.format(at)}.` };
}

const exact = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export type Preset = { id: string; label: string; at: Date };

const untilMonday = (now: Date) => (8 - now.getDay()) % 7 || 7;
const untilFriday = (now: Date) => (12 - now.getDay()) % 7 || 7;
const ahead = (presets: Preset[], now: Date) => presets.filter(({ at }) => at > now);

export const snoozePresets = (now: Date): Preset[] =>
  ahead(
    [
      { id: "today", label: "Later today", at: daysOn(now, 0, 17) },
      { id: "tomorrow", label: "Tomorrow", at: daysOn(now, 1, 9) },
      { id: "monday", label: "Monday", at: daysOn(now, untilMonday(now), 9) },
      { id: "week", label: "In a week", at: daysOn(now, 7, 9) },
    ],
    now,
  );

export const duePresets = (now: Date): Preset[] =>
  ahead(
    [
      { id: "today", label: "Today", at: daysOn(now, 0, 17) },
      { id: "tomorrow", label: "Tomorrow", at: daysOn(now, 1, 17) },
      { id: "friday", label: "Friday", at: daysOn(now, untilFriday(now), 17) },
      { id: "week", label: "In a week", at: daysOn(now, 7, 17) },
    ],
    now,
  );
