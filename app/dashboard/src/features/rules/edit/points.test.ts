import { describe, expect, it } from "vitest";
import { pointsIn, withPoints } from "./points";

const TEXT = `name = "mine"
# points = 1 is no rule's

[[rules]]
id = "urgent"
title = "Urgent"
when = "priority == 'urgent'"
points = 10  # more than that hides deadlines
say = "It is urgent"

[[rules]]
id = "near"
curve.hours_to = "due_at"
curve.points = [
  { at = "72h", points = 0 },
  { at = "8h", points = 20 },
]

[[rules]]
points = -2.5
id = 'old-silence'

[[overrides]]
id = "urgent-too"
points = 3
`;

describe("the points of a rule in a text", () => {
  it.each([
    ["urgent", 10],
    ["old-silence", -2.5],
    ["near", null], // a curve
    ["urgent-too", null], // no rule
    ["nothing", null],
  ])("%s: %s", (rule, points) => {
    expect(pointsIn(TEXT, rule)).toBe(points);
  });

  it("are changed, and nothing else is", () => {
    const changed = withPoints(TEXT, "urgent", 14);

    expect(changed).toBe(TEXT.replace("points = 10  #", "points = 14  #"));
    expect(withPoints(changed, "urgent", 10)).toBe(TEXT);
  });

  it("stay as they are where there is no plain number", () => {
    expect(withPoints(TEXT, "near", 14)).toBe(TEXT);
    expect(withPoints(TEXT, "nothing", 14)).toBe(TEXT);
  });
});
