import { describe, expect, it } from "vitest";
import type { CurveText } from "../document";
import { geometry, positionOf, rangeOf } from "./curve";

const curve = (along: string, points: [at: string, points: number][], more: Partial<CurveText> = {}): CurveText => ({
  along,
  fact: "due_at",
  points: points.map(([at, given]) => ({ at, points: given, say: null })),
  then: null,
  every: null,
  calendar: null,
  ...more,
});

describe("A position", () => {
  it.each([
    ["7d", 168],
    ["2w", 336],
    ["24h", 24],
    ["90m", 1.5],
    ["-10d", -240],
    ["40", 40],
    ["0h", 0],
  ])("%s is %d hours, or that number", (at, hours) => expect(positionOf(at)).toBe(hours));

  it("is unknown where it is written as nothing that rules know", () => expect(positionOf("soon")).toBeNull());
});

describe("The drawing of a curve", () => {
  it("lets time run to the right, also where hours count down to a moment", () => {
    const { corners } = geometry(
      curve("hours_to", [
        ["7d", 0],
        ["24h", 30],
        ["-10d", 40],
      ]),
      100,
      40,
    );

    expect(corners.map(({ x }) => x)).toEqual(corners.map(({ x }) => x).toSorted((one, other) => one - other));
  });

  it("marks the moment where the curve passes it, and only there", () => {
    expect(
      geometry(
        curve("hours_to", [
          ["24h", 0],
          ["0h", 10],
          ["-10d", 25],
        ]),
        100,
        40,
      ).moment,
    ).not.toBeNull();
    expect(
      geometry(
        curve("hours_since", [
          ["0h", 0],
          ["24h", 8],
        ]),
        100,
        40,
      ).moment,
    ).toBeNull();
  });

  it("puts the most at the top, the least at the bottom and nothing where both would meet", () => {
    const { corners, zero } = geometry(
      curve("value", [
        ["0", -10],
        ["5", 30],
      ]),
      100,
      40,
    );

    expect(corners.map(({ y }) => y)).toEqual([40, 0]);
    expect(zero).toBe(30);
  });

  it("draws a step as a line straight up", () => {
    const [, before, after] = geometry(
      curve("hours_to", [
        ["7d", 0],
        ["24h", 0],
        ["24h", 50],
      ]),
      100,
      40,
    ).corners;

    expect(before?.x).toBe(after?.x);
    expect(before?.y).not.toBe(after?.y);
  });

  it("goes on level from edge to edge beyond its ends", () => {
    expect(
      geometry(
        curve("value", [
          ["0", 0],
          ["1", 10],
        ]),
        100,
        40,
      ).line,
    ).toBe("M0 40L8 40L92 0L100 0");
  });

  it("stays in its box with one corner, and with corners that all give the same", () => {
    const { line } = geometry(
      curve("value", [
        ["5", 7],
        ["5", 7],
      ]),
      100,
      40,
    );

    expect(line).not.toContain("NaN");
  });

  it("draws amounts that lie far apart so that the small ones can be told from nothing", () => {
    const { corners } = geometry(
      curve("value", [
        ["0", 0],
        ["1000", 4],
        ["100000", 8],
      ]),
      100,
      40,
    );

    expect(corners[1]?.x).toBeGreaterThan(40);
  });
});

it("The range is that of the corners", () =>
  expect(
    rangeOf(
      curve("value", [
        ["0", 5],
        ["1", -3],
      ]),
    ),
  ).toEqual([-3, 5]));
