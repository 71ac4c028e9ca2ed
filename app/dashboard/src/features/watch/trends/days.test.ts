import { describe, expect, it } from "vitest";
import type { Day } from "../queries";
import { changeWords, dayLabel, dayName, outlineOf, sizeSentence } from "./days";

const day = (name: string, open: number | null, came: number | null = 0, closed: number | null = 0): Day => ({
  day: name,
  open,
  came,
  closed,
  so_far: false,
});

describe("the name of a day", () => {
  it("is the day that the server named, wherever the reader is", () => {
    expect(dayLabel("2026-03-02")).toBe("2 Mar");
    expect(dayName({ day: "2026-03-02", so_far: false })).toBe("Mon 2 Mar");
  });

  it("says of today that it is not over", () => {
    expect(dayName({ day: "2026-03-02", so_far: true })).toBe("Mon 2 Mar, so far");
  });
});

describe("what the days say in all", () => {
  it("compares now with the end of the first known day, and adds up what moved", () => {
    const outline = outlineOf([day("2026-03-01", 632, 57, 49), day("2026-03-02", 640, 20, 12)]);
    expect(outline).toMatchObject({ open: 640, changed: 8, came: 77, closed: 61, unknown: 0 });
    expect(outline && sizeSentence(outline)).toBe(
      "Open tasks day by day: 640 now, 8 more than at the end of Sun 1 Mar.",
    );
  });

  it("leaves out days of which nothing is known, and says how many they are", () => {
    const outline = outlineOf([day("2026-03-01", null, null, null), day("2026-03-02", 5, 5), day("2026-03-03", 5)]);
    expect(outline).toMatchObject({ open: 5, changed: 0, came: 5, unknown: 1 });
    expect(outline && changeWords(outline)).toBe("as many as at the end of Mon 2 Mar");
  });

  it("compares nothing where one day is known, and says nothing where none is", () => {
    const outline = outlineOf([day("2026-03-02", 5, 5)]);
    expect(outline && changeWords(outline)).toBe("nothing to compare it with yet");
    expect(outlineOf([day("2026-03-02", null, null, null)])).toBeNull();
  });
});
