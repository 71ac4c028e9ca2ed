import { describe, expect, it } from "vitest";
import { deedOf, targetOf } from "./words";

describe("a deed", () => {
  it("is told as people would", () => {
    expect(deedOf("complete_task")).toBe("Completed");
    expect(deedOf("edit_integration")).toBe("Changed the settings");
  });

  it("that has no words here keeps its name", () => {
    expect(deedOf("users add")).toBe("users add");
    expect(deedOf("something_new")).toBe("something new");
  });
});

describe("what it was done to", () => {
  it.each([
    ["task:12", "task 12", "/tasks/12"],
    ["integration:3", "integration 3", "/integrations/3"],
    ["user:1", "account 1", "/settings/team"],
    ["ruleset:default", "ruleset default", "/rules/history"],
    ["view:4", "view 4", null],
    ["sample", "sample", null],
  ])("%s is called %s and leads to %s", (target, words, address) => {
    expect(targetOf(target)).toEqual({ words, address });
  });

  it("leads nowhere where its number is none", () => {
    expect(targetOf("task:../settings").address).toBeNull();
  });
});
