import { expect, it } from "vitest";
import { taskOf } from "./server.testing";
import { named } from "./use-task-commands";

const task = (title: string) => taskOf(1, { title });

it("names one task by its title, several by how many, and nothing where none is marked", () => {
  expect(named({ tasks: [task("Broken pump")] })).toBe("«Broken pump»");
  expect(named({ tasks: [task("One"), task("Two")] })).toBe("2 tasks");
  expect(named({ filter: { status: ["open"] }, matched: 1200 })).toBe("1,200 tasks");
  expect(named({ tasks: [] })).toBeUndefined();
  expect(named(null)).toBeUndefined();
});

it("cuts a long title, so that the heading stays one line", () => {
  expect(named({ tasks: [task("a".repeat(300))] })).toHaveLength(62);
});
