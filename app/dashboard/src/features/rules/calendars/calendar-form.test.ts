import { describe, expect, it } from "vitest";
import { bodyOfForm, formOf, holidaysProblem, hoursProblem, type Calendar } from "./calendar-form";
import { spansOf, weeklyHours } from "./week";

const office: Calendar = {
  name: "office",
  version: 2,
  zone: "Europe/Berlin",
  hours: { monday: ["09:00-12:30", "13:30-18:00"], friday: ["09:00-13:00"] },
  holidays: ["2026-12-25", { on: "2026-05-01", name: "Labour Day" }],
  author: "ana",
  note: "Short Fridays",
  created_at: null,
};

describe("A calendar as it is typed", () => {
  it("goes to the form and back unchanged, but for its note", () => {
    const { zone, hours, holidays, note } = bodyOfForm(formOf(office));

    expect({ zone, hours, holidays }).toEqual({ zone: office.zone, hours: office.hours, holidays: office.holidays });
    expect(note).toBe("");
  });

  it("takes hours as people write them", () => {
    const form = { ...formOf(office), hours: { ...formOf(office).hours, monday: "9:00 – 12:30,13:30-18:00" } };

    expect(bodyOfForm(form).hours.monday).toEqual(["09:00-12:30", "13:30-18:00"]);
  });

  it.each(["", "09:00-17:00", "9:00-12:00, 13:00-24:00"])("has no problem with the hours “%s”", (line) =>
    expect(hoursProblem(line)).toBeNull(),
  );

  it.each(["nine to five", "09:00", "25:00-26:00", "17:00-09:00", "09:00-09:00"])(
    "says what is wrong with “%s”",
    (line) => expect(hoursProblem(line)).toContain("“"),
  );

  it("wants a day at the beginning of each holiday", () => {
    expect(holidaysProblem("2026-12-25 Christmas\n\n2026-12-26")).toBeNull();
    expect(holidaysProblem("Christmas")).toContain("Christmas");
  });
});

it("A day's hours stand at their place between midnight and midnight", () => {
  expect(spansOf(["06:00-12:00", "18:00-24:00"])).toEqual([
    { from: 0.25, to: 0.5 },
    { from: 0.75, to: 1 },
  ]);
  expect(weeklyHours(office.hours)).toBe(12);
});
