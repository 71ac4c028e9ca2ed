import { describe, expect, it } from "vitest";
import { PHRASES, shortly, span } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a length of time", () => {
  it.each([
    [30_000, "under a minute"],
    [48 * MINUTE, "48 min"],
    [HOUR, "1 h"],
    [HOUR + 58 * MINUTE, "1 h 58 min"],
    [3 * HOUR - 1, "2 h 59 min"],
    [3 * HOUR, "3 h"],
    [2 * DAY - 1, "47 h"],
    [2 * DAY, "2 days"],
    [59 * DAY, "59 days"],
    [100 * DAY, "3 months"],
  ])("of %d ms is %s", (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});

describe("a due date", () => {
  it("never says that more time is left than there is", () => {
    expect(PHRASES.due(HOUR + 58 * MINUTE + 59_000)).toBe("Due in 1 h 58 min");
    expect(PHRASES.due(5 * HOUR - 1)).toBe("Due in 4 h");
  });

  it.each([
    [30_000, "under a minute"],
    [HOUR - 1, "1 h"],
    [HOUR + 1, "1 h 1 min"],
    [3 * HOUR + 1, "4 h"],
    [2 * DAY - 1, "2 days"],
    [2 * DAY + 1, "3 days"],
  ])("never says that it is less late than it is: %d ms, %s", (ms, words) => {
    expect(PHRASES.due(-ms)).toBe(`Overdue by ${words}`);
  });
});

it("tells a day and an hour in few signs", () => {
  expect(shortly(new Date(2026, 10, 30, 12))).toBe("Mon 30 Nov 12:00");
});
