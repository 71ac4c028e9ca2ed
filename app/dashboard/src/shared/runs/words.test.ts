import { describe, expect, it } from "vitest";
import { becameOf, brought, equation, took } from "./words";

const NOTHING = { read: 0, new: 0, updated: 0, unchanged: 0, refused: 0, gone: 0 };
const tasks = (made: number, aside = 0, updated = 0) => ({ new: made, not_for_us: aside, updated });

describe("a run's report", () => {
  it("shows counts that add up", () => {
    expect(equation({ read: 2500, new: 2400, updated: 60, unchanged: 30, refused: 10 })).toBe(
      "2,500 read = 2,400 new + 60 updated + 30 unchanged + 10 refused",
    );
  });

  it("says which new tasks were set aside, of all or of some", () => {
    expect(becameOf({ tasks: tasks(3, 3), context: 0, gone: 0 })).toBe(
      "3 new tasks, set aside as not for us, each with its reason; 0 updated.",
    );
    expect(becameOf({ tasks: tasks(3, 2, 1), context: 0, gone: 0 })).toContain("2 of them set aside");
  });

  it("tells of context and of what is gone only where there is some", () => {
    expect(becameOf({ tasks: tasks(1), context: 1, gone: 2 })).toBe(
      "1 new task; 0 updated. 1 line or page asked for nothing: kept, and found by search. 2 items deleted at the source.",
    );
  });
});

describe("a run in a row of a list", () => {
  it("names what changed, and says where nothing did", () => {
    expect(brought({ ...NOTHING, read: 9, new: 2, gone: 1, unchanged: 7 })).toBe("2 new, 1 deleted");
    expect(brought({ ...NOTHING, read: 9, unchanged: 9 })).toBe("9 read, nothing new");
    expect(brought(NOTHING)).toBe("Nothing new");
  });

  it("says how long it took once it has ended", () => {
    expect(took({ started_at: "2026-03-02T09:00:00Z", finished_at: "2026-03-02T09:00:03.400Z" })).toBe("3.4 s");
    expect(took({ started_at: "2026-03-02T09:00:00Z", finished_at: "2026-03-02T09:05:00Z" })).toBe("5 min");
    expect(took({ started_at: "2026-03-02T09:00:00Z", finished_at: null })).toBeNull();
  });
});
