import type { Schema } from "@/shared/api/client";

export type Calendar = Schema<"CalendarOut">;

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof DAYS)[number];

/** A calendar as it is typed: hours of a day in one line, holidays one a line. */
export type CalendarForm = { zone: string; hours: Record<Day, string>; holidays: string; note: string };

export const dayName = (day: Day) => day.charAt(0).toUpperCase() + day.slice(1);

export function formOf(calendar: Calendar): CalendarForm {
  const hours = Object.fromEntries(DAYS.map((day) => [day, (calendar.hours[day] ?? []).join(", ")]));
  const holidays = calendar.holidays.map((each) => (typeof each === "string" ? each : `${each.on} ${each.name}`));
  return { zone: calendar.zone, hours: hours as CalendarForm["hours"], holidays: holidays.join("\n"), note: "" };
}

/** 9:00 as 09:00, and a dash of any length as a hyphen: what people type. */
const tidied = (span: string) =>
  span
    .trim()
    .replace(/\s*[-–—]\s*/, "-")
    .replace(/\b(\d):/g, "0$1:");

const listed = (line: string) => line.split(",").map(tidied).filter(Boolean);

/** What is sent: days without hours are left out, for they are closed. The server checks the rest. */
export function bodyOfForm(form: CalendarForm) {
  const hours = DAYS.map((day) => [day, listed(form.hours[day])] as const).filter(([, spans]) => spans.length > 0);
  const holidays = form.holidays
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [on = "", ...name] = line.split(/\s+/);
      return name.length ? { on, name: name.join(" ") } : on;
    });
  return { zone: form.zone.trim(), hours: Object.fromEntries(hours), holidays, note: form.note.trim() };
}

const SPAN = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** What is wrong with a day's line, before it is sent; null where it reads well. */
export function hoursProblem(line: string): string | null {
  const spans = listed(line);
  const wrong = spans.find((span) => !SPAN.test(span));
  if (wrong) return `“${wrong}” is no time of work: write it as 09:00-17:00, several with commas between them.`;
  const backwards = spans.find((span) => span.slice(0, 5) >= span.slice(6));
  return backwards ? `“${backwards}” ends before it begins.` : null;
}

export function holidaysProblem(text: string): string | null {
  const wrong = text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line && !/^\d{4}-\d\d-\d\d(\s|$)/.test(line));
  return wrong ? `“${wrong}” does not begin with a day as 2026-12-25.` : null;
}
