import { describe, expect, it } from "vitest";
import type { Contribution } from "../queries";
import { barOf, heldTo, inOrder, sumOf } from "./sum";

const line = (rule: string, points: number): Contribution => ({
  rule,
  title: rule,
  points,
  because: rule,
  fact: null,
  quote: null,
  item: null,
});

describe("the bar of a sum", () => {
  it("puts what adds side by side, and what takes away back from there to the sum", () => {
    const { segments, sum } = barOf([line("a", 60), line("cap", -25), line("b", 40)]);
    expect(segments.map(({ line: { rule }, start, width, back }) => [rule, start, width, back])).toEqual([
      ["a", 0, 60, false],
      ["b", 60, 40, false],
      ["cap", 75, 25, true],
    ]);
    expect(sum).toBe(75);
  });

  it("has each part begin where the one before ends", () => {
    const { segments } = barOf([line("a", 12.5), line("b", 7), line("c", 0.125), line("d", -3), line("e", -4)]);
    for (const [index, each] of segments.entries()) {
      const before = segments[index - 1];
      if (!before) continue;
      const end = before.back ? before.start : before.start + before.width;
      expect(each.back ? each.start + each.width : each.start).toBeCloseTo(end);
    }
  });

  it("reaches below zero where more is taken away than given", () => {
    const { zero, sum, segments } = barOf([line("a", 10), line("b", -30)]);
    expect(sum).toBe(0);
    expect(zero).toBeCloseTo(66.67, 1);
    expect(segments[1]).toMatchObject({ start: 0, width: 100 });
  });

  it("marks a hundred only where the parts reach beyond it", () => {
    expect(barOf([line("a", 150)]).bounds).toEqual([{ points: 100, at: (100 / 150) * 100 }]);
    expect(barOf([line("a", 90)]).bounds).toEqual([]);
  });

  it("stands empty where nothing gives points", () => {
    expect(barOf([])).toEqual({ segments: [], zero: 0, sum: 0, bounds: [] });
    expect(barOf([line("pin", 0)]).segments).toEqual([]);
  });
});

it("lists what adds most first, and a pin last", () => {
  const lines = [line("pin", 0), line("cap", -3), line("small", 1), line("large", 50)];
  expect(inOrder(lines).map(({ rule }) => rule)).toEqual(["large", "small", "cap", "pin"]);
});

it("adds fractions up as people would", () => {
  expect(sumOf([{ points: 0.1 }, { points: 0.2 }, { points: -0.3 }])).toBe(0);
});

it("says why the score shown is not the points", () => {
  expect(heldTo(100, 147)).toMatch(/held to 100/);
  expect(heldTo(0, -12)).toMatch(/held to 0/);
  expect(heldTo(13, 12.5)).toMatch(/rounded/);
  expect(heldTo(42, 42)).toBeNull();
});
