import { expect, it } from "vitest";
import type { CurveText } from "../document";
import { alongWords, cornerWords, placeWords, rangeWords } from "./curve-words";

const curve = (given: Partial<CurveText>): CurveText => ({
  along: "hours_to",
  fact: "due_at",
  points: [],
  then: null,
  every: null,
  calendar: null,
  ...given,
});

it.each([
  ["hours_to", "7d", "7 days before"],
  ["hours_to", "24h", "24 hours before"],
  ["hours_to", "-1d", "1 day after"],
  ["hours_to", "0h", "at that moment"],
  ["hours_since", "72h", "72 hours after"],
  ["value", "40", "at 40"],
  ["share_of", "75", "at 75 % of its time"],
])("A corner of %s at %s is read as “%s”", (along, at, words) => expect(placeWords(along, at)).toBe(words));

it("Each corner tells its points, and what comes after the last", () => {
  const words = cornerWords(
    curve({
      points: [
        { at: "24h", points: 0, say: null },
        { at: "0h", points: 10, say: null },
      ],
      then: { points: 1, every: "365d" },
    }),
  );

  expect(words).toEqual(["24 hours before: 0", "at that moment: +10", "then +1 for every 365 days"]);
});

it("The range reads from nothing outwards", () => {
  const between = (...points: number[]) =>
    rangeWords(curve({ points: points.map((each) => ({ at: "1h", points: each, say: null })) }));

  expect(between(0, 30)).toBe("0 to +30");
  expect(between(0, -25)).toBe("0 to −25");
  expect(between(-15, 6)).toBe("−15 to +6");
  expect(between(5, 5)).toBe("+5");
});

it("Working hours name their calendar", () =>
  expect(alongWords(curve({ along: "business_hours_since", calendar: "office" }))).toBe(
    "by the working time since due_at, in the hours of the calendar office",
  ));
