import { describe, expect, it } from "vitest";
import { arrow, differingLines, movementWords, summary } from "./movement";

const moved = (rank_before: number, rank_after: number) => ({ rank_before, rank_after });

it.each([
  [5, 2, "↑ 3", "up by 3 places"],
  [1, 2, "↓ 1", "down by 1 place"],
  [4, 4, "=", "keeps its place"],
])("From place %d to %d is %s, “%s”", (before, after, mark, words) => {
  expect(arrow(moved(before, after))).toBe(mark);
  expect(movementWords(moved(before, after))).toBe(words);
});

describe("The summary", () => {
  const same = { before: 30, after: 30, came: 0, left: 0 };
  const bands = { now: same, next: same, later: same, someday: same };
  const told = { tasks: 121, of: 121, moved: 0, by_themselves: 0, other_points: 0, bands };

  it("says that nothing moves, and whether points differ all the same", () => {
    expect(summary(told)).toBe("No task moves: 121 open tasks keep their places.");
    expect(summary({ ...told, other_points: 2 })).toBe(
      "No task moves: 121 open tasks keep their places. 2 tasks have other points.",
    );
  });

  it("says which bands grow and shrink, also where the order stays", () => {
    const now = { before: 30, after: 18, came: 0, left: 12 };
    const next = { before: 30, after: 42, came: 12, left: 0 };
    expect(summary({ ...told, bands: { ...bands, now, next } })).toBe(
      "No task moves: 121 open tasks keep their places. 12 tasks change their band: Now −12, Next +12.",
    );
  });

  it("tells who moves by themselves from who makes way", () =>
    expect(summary({ ...told, moved: 4, by_themselves: 1 })).toBe(
      "4 of 121 open tasks move. 1 by itself, the others make way.",
    ));

  it("says how many were looked at where not all were", () =>
    expect(summary({ ...told, moved: 2, by_themselves: 2, tasks: 10_000, of: 50_000 })).toBe(
      "2 of the first 10,000 of 50,000 open tasks move.",
    ));

  it("says where there is nothing to rank", () =>
    expect(summary({ ...told, tasks: 0, of: 0 })).toBe("There is no open task to rank."));
});

describe("The lines that differ", () => {
  const line = (rule: string, points: number) => ({ rule, title: rule, because: `because of ${rule}`, points });

  it("are those that come, go and change, the weightiest first", () =>
    expect(
      differingLines([line("a", 10), line("b", 5), line("c", 1)], [line("a", 12), line("c", 1), line("d", 30)]).map(
        ({ rule, points }) => [rule, points],
      ),
    ).toEqual([
      ["d", 30],
      ["b", -5],
      ["a", 2],
    ]));

  it("are none where only others changed", () =>
    expect(differingLines([line("a", 0.1)], [line("a", 0.1)])).toEqual([]));
});
