import { describe, expect, it } from "vitest";
import type { Task } from "@/shared/api/tasks";
import type { Line } from "./lines";
import { rowCount } from "./row-count";

const lines = Array.from({ length: 60 }, (_, at): Line => ({ kind: "task", task: { id: at } as Task, place: at + 1 }));
const counted: Record<string, number> = { pinned: 2, now: 40, next: 0, later: 900, someday: 58 };
const known = { lines, more: true, total: 1000, headings: "none" as const, headCount: (key: string) => counted[key] };

describe("how many rows a list has", () => {
  it("is what is loaded where that is all", () => {
    expect(rowCount({ ...known, more: false, total: undefined })).toBe(60);
  });

  it("is what was counted while more follow", () => {
    expect(rowCount(known)).toBe(1000);
  });

  it("counts a row for the heading of every band that holds something", () => {
    expect(rowCount({ ...known, headings: "bands" })).toBe(1004);
  });

  it("is not said while it is not known", () => {
    expect(rowCount({ ...known, total: undefined })).toBe(-1);
    expect(rowCount({ ...known, headings: "others" })).toBe(-1);
    expect(rowCount({ ...known, headings: "bands", headCount: () => undefined })).toBe(-1);
  });
});
