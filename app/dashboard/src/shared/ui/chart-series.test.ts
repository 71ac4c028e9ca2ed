import { describe, expect, it } from "vitest";
import { columnsOf, labelled, reach, type Series } from "./chart-series";

const series = (shape: Series["shape"], ...values: (number | null)[]): Series => ({
  label: "Tasks",
  shape,
  tone: "accent",
  values,
});

describe("what a chart draws", () => {
  it("lets what goes hang down, and leaves out what is not known", () => {
    expect(columnsOf(3, [series("up", null, 4, 0), series("down", null, 2, 0)])).toEqual([
      [0, 1, 2],
      [null, 4, 0],
      [null, -2, 0],
    ]);
  });

  it("has zero on its axis, and room above the highest", () => {
    expect(reach(columnsOf(2, [series("line", 100, 60)]))).toEqual([0, 108]);
    expect(reach(columnsOf(1, [series("up", 60), series("down", 40)]))).toEqual([-48, 68]);
  });

  it("has an axis where nothing is known or nothing was", () => {
    expect(reach(columnsOf(2, [series("line", null, null)]))).toEqual([0, 0.08]);
    expect(reach(columnsOf(1, [series("line", 0)]))).toEqual([0, 0.08]);
  });
});

describe("the labels of a chart", () => {
  it("are all there where there is room", () => {
    expect(labelled(3, 7)).toEqual([0, 1, 2]);
  });

  it("are thinned out evenly, the last one stays", () => {
    expect(labelled(14, 7)).toEqual([1, 3, 5, 7, 9, 11, 13]);
    expect(labelled(90, 4)).toEqual([20, 43, 66, 89]);
  });

  it("leave one where there is no room at all", () => {
    expect(labelled(5, 0)).toEqual([4]);
  });
});
