import { expect, it } from "vitest";
import { chartOf } from "./steps";

const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, "0")}:00:00Z`;

it("draws a step at each change, and goes on to the end", () => {
  const chart = chartOf(
    [
      { at: at(0), points: 10 },
      { at: at(5), points: 30 },
    ],
    at(10),
  );
  expect(chart?.path).toBe("M0 92H50V8H100");
  expect(chart).toMatchObject({ low: 10, high: 30 });
});

it("draws a level line where nothing changes", () => {
  expect(chartOf([{ at: at(0), points: 10 }], at(10))?.path).toBe("M0 92H100");
});

it("draws nothing of no time", () => {
  expect(chartOf([], at(10))).toBeNull();
  expect(chartOf([{ at: at(10), points: 1 }], at(10))).toBeNull();
});
