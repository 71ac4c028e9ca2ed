import { describe, expect, it } from "vitest";
import { choiceOf, parametersOf, sameChoice, searchOf, withFilter } from "./choice";
import { queueSearch } from "./search";
import { countedForTabs, tabOf, underTab } from "./tabs";
import { STANDARD_COLUMNS } from "./vocabulary";

const read = (search: Record<string, unknown>) => choiceOf(queueSearch(search));

describe("the queue's address", () => {
  it("asks for the open tasks by rank, in bands, where it says nothing", () => {
    expect(read({})).toEqual({ filter: {}, sort: "rank", group: "band", columns: STANDARD_COLUMNS });
  });

  it("leaves out what it can't understand", () => {
    const search = { band: "now,never", sort: "luck", group: 7, task: "x", view: -3, due_before: "soon", q: { a: 1 } };

    expect(queueSearch(search)).toEqual({ band: "now,never" });
    expect(read(search).filter).toEqual({ band: ["now"] });
  });

  it("takes words that look like numbers as words", () => {
    expect(queueSearch({ q: 4711, label: true, task: "12", view: 3 })).toEqual({
      q: "4711",
      label: "true",
      task: 12,
      view: 3,
    });
  });

  it("still reads a bookmark of the first dashboard", () => {
    expect(read({ view: "snoozed" }).filter).toEqual({ status: ["snoozed"] });
  });

  it("says the same when it is written and read again, also with commas in a name", () => {
    const choice = read({});
    const wanted = {
      ...choice,
      filter: { q: "offer", integration: ["mail, old", "a\\b"], assignee: ["me", "none"], due: ["overdue" as const] },
      sort: "due_at" as const,
      group: "assignee" as const,
      columns: ["score" as const, "from" as const],
    };

    expect(choiceOf(queueSearch(searchOf(wanted, true)))).toEqual(wanted);
  });

  it("can say that no column is wanted", () => {
    expect(choiceOf(searchOf({ ...read({}), columns: [] }, true)).columns).toEqual([]);
  });

  it("bounds the values of one filter", () => {
    const many = Array.from({ length: 80 }, (_, index) => `label ${index}`).join(",");

    expect(read({ label: many }).filter.label).toHaveLength(50);
  });

  it("asks the API for exactly what was chosen", () => {
    expect(parametersOf(read({ status: "done", band: "now,next" }))).toEqual({
      status: ["done"],
      band: ["now", "next"],
      sort: "-updated_at",
    });
  });
});

describe("another filter", () => {
  it("brings its usual order and grouping", () => {
    expect(withFilter(read({}), { status: ["done"] }, {})).toMatchObject({ sort: "-updated_at", group: "none" });
  });

  it("keeps an order that was asked for", () => {
    expect(withFilter(read({}), { status: ["done"] }, { sort: "due_at" }).sort).toBe("due_at");
  });
});

describe("a changed view", () => {
  it("is the same where only the order of a filter's values differs, or how a time is written", () => {
    const one = read({ band: "now,next", due_before: "2026-03-02T00:00:00Z" });
    const other = read({ band: "next,now", due_before: "2026-03-02T01:00:00+01:00" });

    expect(sameChoice(one, other)).toBe(true);
  });

  it("differs by its columns' order", () => {
    expect(sameChoice(read({ columns: "from,due" }), read({ columns: "due,from" }))).toBe(false);
  });
});

describe("tabs", () => {
  it.each([
    [{}, "open"],
    [{ turn: ["theirs" as const] }, "waiting"],
    [{ turn: ["ours" as const] }, "open"],
    [{ status: ["done" as const] }, "done"],
    [{ status: ["open" as const, "snoozed" as const] }, null],
  ])("%o stands under %s", (filter, tab) => {
    expect(tabOf(filter)).toBe(tab);
  });

  it("leave the other filters as they are, and take the turn of «waiting» along", () => {
    expect(underTab({ turn: ["theirs"], band: ["now"] }, "done")).toEqual({ band: ["now"], status: ["done"] });
    expect(underTab({ turn: ["ours"], status: ["done"] }, "open")).toEqual({ turn: ["ours"] });
    expect(underTab({ turn: ["ours"] }, "waiting")).toEqual({ turn: ["theirs"] });
  });

  it("are counted among the open tasks", () => {
    expect(countedForTabs({ status: ["snoozed"], q: "invoice" })).toEqual({ q: "invoice" });
  });
});
