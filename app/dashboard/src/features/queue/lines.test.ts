import { describe, expect, it } from "vitest";
import type { Schema } from "@/shared/api/client";
import type { Task } from "@/shared/api/tasks";
import { linesOf, type Line } from "./lines";
import type { QueuePage } from "./queries";
import { countOf, headOf, sectionsOf, type Section } from "./sections";
import { snippet } from "./snippet";
import type { GroupBy } from "./vocabulary";

const task = (id: number, given: Partial<Task> = {}) =>
  ({ id, tier: "normal", band: "now", project: null, ...given }) as Task;
const ONE: Section[] = [{ key: "", title: "", filter: {} }];
const page = (items: Task[], section = 0, sections = ONE, group: GroupBy = "band"): QueuePage => ({
  heads: Object.fromEntries(items.map((each) => [each.id, headOf(each, group, "rank")])),
  items,
  next_cursor: null,
  has_more: false,
  total: null,
  section,
  sections,
});
const told = (lines: Line[]) =>
  lines.map((line) => (line.kind === "head" ? `${line.title} ${line.tasks}${line.whole ? "" : "+"}` : line.task.id));

const facet = (values: Record<string, number>) => ({
  values: Object.entries(values).map(([value, count]) => ({ value, count })),
  more: false,
});
const COUNTS = {
  total: 9,
  band: facet({ now: 5, next: 4 }),
  tier: facet({ pinned: 1, normal: 8, held: 0 }),
  turn: facet({ ours: 3, theirs: 0, none: 6 }),
  assignee: facet({ none: 5, ana: 4 }),
  integration: facet({ "Sample data: mail": 9, none: 0 }),
} as Schema<"TaskCounts">;

describe("the list's lines", () => {
  it("stand under their bands, above and below which are the pinned and the held", () => {
    const items = [task(1, { tier: "pinned" }), task(2), task(3), task(4, { band: "next" })];

    expect(told(linesOf({ pages: [page(items)] }, "band", "rank", true))).toEqual(
      ["Pinned 1", 1, "Now 2", 2, 3, "Next 1+", 4], // more of the last may come
    );
  });

  it("hold a task once, though it moved between two pages while they were read", () => {
    expect(
      told(linesOf({ pages: [page([task(1), task(2)]), page([task(2), task(3)])] }, "none", "rank", false)),
    ).toEqual([1, 2, 3]);
  });

  it("stand under what their part of the list was asked for, whatever became of them since", () => {
    const parts = sectionsOf("assignee", "rank", {}, COUNTS) as Section[];
    const pages = [page([task(1, { assignee: "ana" })], 0, parts), page([task(2)], 1, parts)];

    expect(told(linesOf({ pages }, "assignee", "rank", false))).toEqual(["Nobody’s 1", 1, "ana 1", 2]);
  });

  it("leave a task where it stood when its band changes", () => {
    const before = page([task(1), task(2), task(3, { band: "next" })]);
    const now = { ...before, items: before.items.with(0, task(1, { band: "someday" })) };

    expect(told(linesOf({ pages: [now] }, "band", "rank", false))).toEqual(["Now 2", 1, 2, "Next 1", 3]);
  });

  it("put projects together out of what is loaded, and call none of them whole", () => {
    const items = [task(1, { project: "Move" }), task(2), task(3, { project: "Move" })];

    expect(told(linesOf({ pages: [page(items, 0, ONE, "project")] }, "project", "rank", true))).toEqual([
      "Move 2+",
      1,
      3,
      "No project 1+",
      2,
    ]);
  });
});

describe("the parts of a list", () => {
  it("are those that hold something, named as people say it", () => {
    expect(sectionsOf("integration", "rank", {}, COUNTS)).toEqual([
      { key: "Sample data: mail", title: "mail", filter: { integration: ["Sample data: mail"] } },
      { key: "", title: "Others", filter: { not_integration: ["Sample data: mail"] } },
    ]);
    expect(sectionsOf("turn", "rank", {}, COUNTS).map(({ title }) => title)).toEqual(["Our turn", "Nobody’s turn"]);
  });

  it("end with what stands under none of the names that were counted, so that nothing is hidden", () => {
    const sixty = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`person ${at}`, 100 - at]));
    const counted = { ...facet(sixty), more: true };
    counted.values = counted.values.slice(0, 50);
    const counts = { ...COUNTS, total: 4_230, assignee: counted };

    const parts = sectionsOf("assignee", "rank", {}, counts);

    expect(parts).toHaveLength(51);
    const told = counted.values.map(({ value }) => value);
    expect(parts.at(-1)).toEqual({ key: "", title: "Others", filter: { not_assignee: told } });
    expect(countOf("assignee", "", counts, undefined)).toBe(4_230 - (100 + 51) * 25);
  });

  it("are those that were asked for", () => {
    expect(sectionsOf("assignee", "rank", { assignee: ["me"] }, COUNTS)).toEqual([
      { key: "me", title: "Mine", filter: { assignee: ["me"] } },
    ]);
    expect(sectionsOf("band", "due_at", { band: ["now"], tier: ["normal"] }, COUNTS).map(({ key }) => key)).toEqual([
      "now",
    ]);
  });

  it("are one where the order makes the headings", () => {
    expect(sectionsOf("band", "rank", {}, COUNTS)).toHaveLength(1);
  });

  it("say a number only where it was counted for exactly that", () => {
    expect(countOf("band", "pinned", COUNTS, undefined)).toBe(1);
    expect(countOf("band", "now", COUNTS, undefined)).toBeUndefined(); // the pinned one is among these
    expect(countOf("band", "now", COUNTS, { ...COUNTS, band: facet({ now: 4 }) })).toBe(4);
    expect(countOf("due", "overdue", COUNTS, undefined)).toBeUndefined();
  });
});

describe("the part of a message around what was found", () => {
  it("marks every form of the words, and begins at a word", () => {
    const text = `${"Something else entirely, and more of it. ".repeat(4)}The invoices are paid; one invoice is not.`;
    const pieces = snippet(text, "invoice");

    expect(pieces.filter((piece) => piece.found).map((piece) => piece.text)).toEqual(["invoices", "invoice"]);
    expect(pieces[0]?.text).toMatch(/^…\S/);
  });

  it("begins at the beginning where the words stand elsewhere", () => {
    expect(snippet("Short text", "absent")).toEqual([{ text: "Short text", found: false }]);
  });
});
