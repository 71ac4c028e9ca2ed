import { describe, expect, it } from "vitest";
import { compared, isMoved, movedWords } from "./order";

const nothingNew = () => false;

describe("the order on the page and the server's", () => {
  it("are the same where nothing happened", () => {
    expect(isMoved(compared([1, 2, 3], [1, 2, 3], nothingNew, true))).toBe(false);
    expect(isMoved(compared([1, 2, 3, 4], [1, 2], nothingNew, false))).toBe(false);
  });

  it.each([
    ["one that rises", [1, 2, 3, 4], [4, 1, 2, 3], 1],
    ["one that falls", [1, 2, 3, 4], [2, 3, 4, 1], 1],
    ["two that change places", [1, 2, 3, 4], [2, 1, 3, 4], 1],
    ["all the other way round", [1, 2, 3, 4], [4, 3, 2, 1], 3],
  ])("%s: as few tasks move as possible", (_, shown, server, moved) => {
    expect(compared(shown, server, nothingNew, true)).toEqual({ moved, fresh: 0, gone: 0 });
  });

  it("tells what came into being, and what went", () => {
    const isNew = (id: number) => id === 9;

    expect(compared([1, 2, 3], [9, 1, 3], isNew, true)).toEqual({ moved: 0, fresh: 1, gone: 1 });
  });

  it("takes a task that comes up from where nothing is loaded as moved, and once", () => {
    expect(compared([1, 2, 3], [7, 1, 2], nothingNew, false)).toEqual({ moved: 1, fresh: 0, gone: 0 });
  });

  it("does not take a task as gone that a new one pushed past the end", () => {
    expect(compared([1, 2, 3], [9, 1, 2], (id) => id === 9, false)).toEqual({ moved: 0, fresh: 1, gone: 0 });
  });

  it("compares only as far as the server was asked", () => {
    expect(isMoved(compared([1, 2, 3, 4, 5], [1, 2], nothingNew, false))).toBe(false);
  });

  it("is said in a few words", () => {
    expect(movedWords({ moved: 3, fresh: 0, gone: 0 })).toBe("3 tasks moved");
    expect(movedWords({ moved: 1, fresh: 0, gone: 0 })).toBe("1 task moved");
    expect(movedWords({ moved: 1, fresh: 2, gone: 1 })).toBe("2 new, 1 moved, 1 gone");
  });
});
