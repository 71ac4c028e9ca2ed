import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { ListModel } from "./list-model";
import { SelectAll } from "./select-all";

afterEach(cleanup);

it("selects all that is loaded, then nothing, and shows where only some are", () => {
  const model = new ListModel();
  model.settle([1, 2, 3]);
  render(<SelectAll model={model} loaded={3} />);
  const box = screen.getByRole<HTMLInputElement>("checkbox", { name: "Select all tasks of the list" });

  fireEvent.click(box);
  expect(model.get().selection.ids).toEqual(new Set([1, 2, 3]));
  expect(box.checked).toBe(true);

  fireEvent.click(box);
  expect(model.get().selection.ids.size).toBe(0);
  expect(box.checked).toBe(false);
});

it("says that some are selected, and a click takes the rest", () => {
  const model = new ListModel();
  model.settle([1, 2]);
  model.toggle(2);
  render(<SelectAll model={model} loaded={2} />);
  const box = screen.getByRole<HTMLInputElement>("checkbox");
  expect([box.checked, box.indeterminate]).toEqual([false, true]);

  fireEvent.click(box);
  expect([box.checked, box.indeterminate]).toEqual([true, false]);
});

it("has nothing to select in an empty list", () => {
  render(<SelectAll model={new ListModel()} loaded={0} />);
  expect(screen.getByRole<HTMLInputElement>("checkbox").disabled).toBe(true);
});
