import { describe, expect, it } from "vitest";
import { absolute } from "../time/words";
import { differences } from "./conflict";
import { taskOf } from "./server.testing";

const told = (before: Parameters<typeof taskOf>[1], now: Parameters<typeof taskOf>[1]) =>
  differences(taskOf(1, before), taskOf(1, now));

describe("what somebody changed meanwhile", () => {
  it("is told in the words of the queue", () => {
    expect(told({ status: "open", turn: "ours" }, { status: "not_for_us", turn: "theirs" })).toEqual([
      { field: "Status", before: "Open", now: "Set aside" },
      { field: "Turn", before: "Our turn", now: "Their turn" },
    ]);
    expect(told({ turn: null }, { turn: "ours" })).toEqual([
      { field: "Turn", before: "Nobody’s turn", now: "Our turn" },
    ]);
  });

  it("says moments as people do, and leaves alone what only looks like one", () => {
    const at = "2026-03-02T09:00:00Z";
    expect(told({ due_at: null }, { due_at: at })).toEqual([{ field: "Due", before: "none", now: absolute(at) }]);
    expect(told({ title: "a" }, { title: at })).toEqual([{ field: "Title", before: "a", now: at }]);
  });

  it("lists labels, and tells names that people gave as they are", () => {
    expect(told({ labels: [], assignee: "open" }, { labels: ["a", "b"], assignee: null })).toEqual([
      { field: "Assignee", before: "open", now: "none" },
      { field: "Labels", before: "none", now: "a, b" },
    ]);
  });

  it("is nothing where only what no person sets has changed", () => {
    expect(told({ score: 1 }, { score: 2 })).toEqual([]);
  });
});
