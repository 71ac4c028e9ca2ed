import { expect, it } from "vitest";
import { isUnknownWhoWeAre } from "./who-we-are";

const facet = (values: Record<string, number>) => ({
  more: false,
  values: Object.entries(values).map(([value, count]) => ({ value, count })),
});
const asked = (kind: Record<string, number>, turn: Record<string, number>) =>
  isUnknownWhoWeAre({ kind: facet(kind), turn: facet(turn) });

it("asks where people write to each other, and of nobody is known that it is their turn", () => {
  expect(asked({ mbox: 3, csv: 2 }, { none: 5 })).toBe(true);
});

it("does not ask where it is known of one", () => {
  expect(asked({ mbox: 3 }, { none: 2, theirs: 1 })).toBe(false);
});

it("does not ask where nobody writes to anybody", () => {
  expect(asked({ csv: 2, task: 1 }, { none: 3 })).toBe(false);
  expect(asked({}, {})).toBe(false);
});
