const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const exact = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});
const clock = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "numeric", minute: "2-digit" });

const BRIEF = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } as const;
const brief = new Intl.DateTimeFormat("en-GB", BRIEF);
const briefYear = new Intl.DateTimeFormat("en-GB", { ...BRIEF, year: "numeric" });

/** The exact time, where the reader is. */
export const absolute = (at: string | Date) => exact.format(new Date(at));

/** «Mon 30 Nov 12:00», where a line holds more than that. */
export function shortly(at: string | Date) {
  const moment = new Date(at);
  const format = moment.getFullYear() === new Date().getFullYear() ? brief : briefYear;
  return format.format(moment).replaceAll(",", "");
}

export const weekdayTime = (at: Date) => clock.format(at).replace(",", "");

/** So long the minutes are told beside the hours: without them, almost half of the time would go unsaid. */
const TOLD_TO_THE_MINUTE = 3 * HOUR;

/** A length of time in milliseconds, rounded down. Hours up to 48 of them, then days. */
export function span(ms: number) {
  if (ms < MINUTE) return "under a minute";
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < TOLD_TO_THE_MINUTE) return hoursAndMinutes(Math.floor(ms / MINUTE));
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  if (ms < 60 * DAY) return `${Math.floor(ms / DAY)} days`;
  if (ms < 730 * DAY) return `${Math.floor(ms / (30.44 * DAY))} months`;
  return `${Math.floor(ms / (365.25 * DAY))} years`;
}

const hoursAndMinutes = (minutes: number) =>
  `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;

/** The same, rounded up: for what is late, so that it never sounds less late than it is. */
export function spanAtLeast(ms: number) {
  const unit = ms < TOLD_TO_THE_MINUTE ? MINUTE : ms < 2 * DAY ? HOUR : DAY;
  return ms < MINUTE ? span(ms) : span(Math.ceil(ms / unit) * unit);
}

/** What to say of a moment, given the milliseconds until then. */
export const PHRASES = {
  due: (left: number) => (left >= 0 ? `Due in ${span(left)}` : `Overdue by ${spanAtLeast(-left)}`),
  ours: (left: number) => `Our turn for ${span(-left)}`,
  theirs: (left: number) => `Their turn for ${span(-left)}`,
  asleep: (left: number) => (left >= 0 ? `Back in ${span(left)}` : "Back any moment"),
  changes: (left: number) => (left >= 0 ? `in ${span(left)}` : "now"),
  began: (left: number) => (-left < MINUTE ? "Began just now" : `Began ${span(-left)} ago`),
  ago: (left: number) => (-left < MINUTE ? "just now" : `${span(-left)} ago`),
} as const;

export type Phrase = keyof typeof PHRASES;

export const urgencyOf = (left: number) => (left < 0 ? "overdue" : left < DAY ? "soon" : "far");
