import { describe, expect, it } from "vitest";
import { said } from "./actions";

describe("what happened", () => {
  it("names what was changed, and to what", () => {
    const at = new Date(2026, 10, 30, 12).toISOString();
    expect(said({ verb: "edit", changes: { due_at: at } })).toBe("Due Mon 30 Nov 12:00");
    expect(said({ verb: "edit", changes: { labels: ["legal", "spring"] } })).toBe("Labels legal, spring");
    expect(said({ verb: "edit", changes: { priority: "high", project: "Move" } })).toBe("Priority high, Project Move");
  });

  it("says that nothing is left where something was taken away", () => {
    expect(said({ verb: "edit", changes: { due_at: null } })).toBe("No due date");
    expect(said({ verb: "edit", changes: { labels: [] } })).toBe("No labels");
    expect(said({ verb: "edit", changes: { priority: null } })).toBe("No priority");
  });

  it("is a word for the other acts", () => {
    expect(said({ verb: "complete" })).toBe("Completed");
  });
});
