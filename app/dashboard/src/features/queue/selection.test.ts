import { describe, expect, it } from "vitest";
import { ListModel } from "./list-model";
import { allOf, extended, keptIn, NOTHING, toggled } from "./selection";

const ORDER = [10, 20, 30, 40, 50];
const ids = (selection: { ids: ReadonlySet<number> }) => [...selection.ids].sort((a, b) => a - b);

describe("choosing tasks", () => {
  it("chooses one, and lets it go again", () => {
    const one = toggled(NOTHING, 20);

    expect(ids(one)).toEqual([20]);
    expect(ids(toggled(one, 20))).toEqual([]);
  });

  it.each([
    [20, 40, [20, 30, 40]],
    [40, 20, [20, 30, 40]],
    [30, 30, [30]],
  ])("from %i to %i takes everything between", (from, to, expected) => {
    expect(ids(extended(toggled(NOTHING, from), to, ORDER))).toEqual(expected);
  });

  it("adds a range to what was chosen before, from the one chosen last", () => {
    const two = toggled(toggled(NOTHING, 10), 40);

    expect(ids(extended(two, 50, ORDER))).toEqual([10, 40, 50]);
  });

  it("takes the one alone where the other end is not in the list", () => {
    expect(ids(extended(toggled(NOTHING, 99), 30, ORDER))).toContain(30);
    expect(ids(extended(NOTHING, 30, ORDER))).toEqual([30]);
  });

  it("is all that was loaded, though more is loaded later, until one is changed", () => {
    const model = new ListModel();
    model.settle([10, 20]);
    model.chooseLoaded();

    model.settle(ORDER);
    expect(model.get().selection).toMatchObject({ ids: new Set([10, 20]), loaded: true });

    model.toggle(30);
    expect(model.get().selection.loaded).toBe(false);
  });

  it("no longer means everything once a single one is changed", () => {
    expect(toggled({ ...allOf(ORDER), everything: true }, 20).everything).toBe(false);
  });

  it("loses what leaves the list, and stays the same object where nothing does", () => {
    const two = toggled(toggled(NOTHING, 10), 40);

    expect(keptIn(two, ORDER)).toBe(two);
    expect(ids(keptIn(two, [10, 20]))).toEqual([10]);
    expect(keptIn(two, [20])).toBe(NOTHING);
  });
});

describe("where somebody stands in the list", () => {
  const standing = (id: number) => {
    const model = new ListModel();
    model.settle(ORDER);
    model.stand(id);
    return model;
  };

  it("moves by rows, and not past the ends", () => {
    const model = standing(40);

    expect(model.beside(1)).toBe(50);
    expect(model.beside(5)).toBe(50);
    expect(model.beside(-Infinity)).toBe(10);
  });

  it("begins at the first", () => {
    const model = new ListModel();
    model.settle(ORDER);

    expect(model.beside(1)).toBe(10);
  });

  it("goes on to the one that follows when the task leaves the list", () => {
    const model = standing(30);
    model.settle([10, 20, 40, 50]);

    expect(model.get().current).toBe(40);
  });

  it("goes to the last when the last leaves, and nowhere when all do", () => {
    const model = standing(50);
    model.settle([10, 20]);
    expect(model.get().current).toBe(20);
    model.settle([]);
    expect(model.get().current).toBeNull();
  });

  it("stays with its task when the order changes", () => {
    const model = standing(30);
    model.settle([30, 10, 20, 40, 50]);
    model.settle([10, 20, 40, 50]);

    expect(model.get().current).toBe(10);
  });
});
