import { describe, expect, it } from "vitest";
import { absolute } from "@/shared/time/words";
import type { HistoryLine, Write } from "../queries";
import { ofHistory, ofWrite, timeline } from "./sentences";

const line = (given: Partial<HistoryLine>): HistoryLine => ({
  id: 1,
  at: "2026-03-02T09:00:00Z",
  actor: "mira@example.com",
  verb: "edit",
  detail: "Edited.",
  changes: {},
  ...given,
});
const write = (given: Partial<Write>): Write => ({
  id: 1,
  task: 1,
  integration: "Sample data: mail",
  mark: "done",
  before: "open",
  actor: "person",
  state: "done",
  why: "",
  attempts: 1,
  due_at: null,
  created_at: "2026-03-02T09:00:00Z",
  ended_at: null,
  ...given,
});
const told = (given: Partial<HistoryLine>) => {
  const { who, did, changes } = ofHistory(line(given), "leo@example.com");
  return [who + did, ...changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`)];
};

describe("a line of the history", () => {
  it("says who did it, and «You» where it was the reader", () => {
    expect(told({ verb: "complete", changes: { status: ["open", "done"] } })).toEqual([
      "mira@example.com completed it.",
    ]);
    expect(told({ verb: "complete", actor: "leo@example.com" })).toEqual(["You completed it."]);
    expect(
      told({ verb: "woke", actor: "clock", detail: "The snooze is over.", changes: { status: ["snoozed", "open"] } }),
    ).toEqual(["The clock: The snooze is over.", "Status: snoozed → open"]);
  });

  it("tells each field that an edit changed, before and after", () => {
    expect(
      told({
        changes: { priority: [null, "high"], labels: [["a"], ["a", "b"]], due_at: ["2026-03-02T12:00:00Z", null] },
      }),
    ).toEqual([
      "mira@example.com changed the priority, the labels and the due date.",
      "Priority: none → high",
      "Labels: a → a, b",
      `Due: ${absolute("2026-03-02T12:00:00Z")} → none`,
    ]);
  });

  it("says until when, to whom and why", () => {
    const until = "2026-03-03T09:00:00+00:00";
    expect(told({ verb: "snooze", changes: { status: ["open", "snoozed"], snoozed_until: [null, until] } })).toEqual([
      `mira@example.com snoozed it until ${absolute(until)}.`,
    ]);
    expect(told({ verb: "assign", changes: { assignee: ["ana", "ben"] } })).toEqual([
      "mira@example.com assigned it to ben, instead of ana.",
    ]);
    expect(told({ verb: "assign", changes: { assignee: ["ana", null] } })[0]).toMatch(/took it from ana/);
    expect(told({ verb: "decline", detail: "Declined: not ours" })).toEqual(["mira@example.com declined it: not ours"]);
  });

  it("tells what it has no words of its own for as the server says it", () => {
    expect(told({ verb: "set_aside", actor: "import", detail: "It is a newsletter." })).toEqual([
      "An import: It is a newsletter.",
    ]);
  });

  it("tells a merge and a split from either side", () => {
    const said = (detail: string) => told({ verb: detail.startsWith("Merged") ? "merge" : "split", detail })[0];
    expect(said("Merged into task 4.")).toBe("mira@example.com merged it into task 4.");
    expect(said("Merged task 5, «Pump», into this one.")).toBe(
      "mira@example.com merged task 5, «Pump», into this one.",
    );
    expect(said("Split 2 items off into task 6.")).toBe("mira@example.com split 2 items off into task 6.");
    expect(said("Split off from task 3.")).toBe("mira@example.com split it off from task 3.");
  });
});

it("a write says what the source was told, and why not", () => {
  expect(ofWrite(write({})).did).toBe(" was told that this is done.");
  expect(ofWrite(write({ state: "refused", why: "The row is locked." })).did).toBe(
    " was not told that this is done. The row is locked.",
  );
  expect(ofWrite(write({})).who).toBe("mail");
});

describe("the timeline", () => {
  const early = line({ id: 1, at: "2026-03-01T09:00:00Z" });
  const late = line({ id: 2, at: "2026-03-03T09:00:00Z" });

  it("has both in one, the newest first", () => {
    const lines = timeline({ lines: [late, early], more: false }, { lines: [write({})], more: false }, null);
    expect(lines.map(({ id }) => id)).toEqual(["line-2", "write-1", "line-1"]);
  });

  it("shows nothing older than what is loaded of both", () => {
    const lines = timeline({ lines: [late], more: true }, { lines: [write({})], more: false }, null);
    expect(lines.map(({ id }) => id)).toEqual(["line-2"]);
  });

  it("tells a write once", () => {
    const written = line({ id: 3, verb: "written", at: "2026-03-02T09:00:01Z" });
    expect(timeline({ lines: [written], more: false }, { lines: [write({})], more: false }, null)).toHaveLength(1);
    expect(timeline({ lines: [written], more: false }, { lines: [], more: false }, null)).toHaveLength(1);
  });
});
