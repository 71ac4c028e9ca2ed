import { expect, it } from "vitest";
import type { Task } from "@/shared/api/tasks";
import { traits } from "./traits";

const task = {
  id: 77,
  sender: "Hannah Voss",
  opened_at: new Date(new Date().getFullYear(), 10, 28, 17).toISOString(),
  status: "open",
  source: { integration: "mail" },
} as Task;

it("tells tasks of one title apart by number, sender, date and place", () => {
  expect(traits(task)).toMatch(/^#77 · Hannah Voss · \w{3} 28 Nov 17:00 · mail$/);
});

it("says how it stands where it is not open, and leaves out who is not known", () => {
  expect(traits({ ...task, sender: null, status: "done" })).toMatch(/^#77 · \w{3} 28 Nov 17:00 · Done · mail$/);
});
