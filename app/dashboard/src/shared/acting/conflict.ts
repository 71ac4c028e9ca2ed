import type { Task } from "../api/tasks";
import { absolute } from "../time/words";
import { count } from "../ui/numbers";

/** What people change on a task, and how it is called. */
const FIELDS = {
  title: "Title",
  status: "Status",
  assignee: "Assignee",
  due_at: "Due",
  snoozed_until: "Snoozed until",
  labels: "Labels",
  priority: "Priority",
  project: "Project",
  notes: "Notes",
  turn: "Turn",
  last_item_at: "Last message",
} as const satisfies Partial<Record<keyof Task, string>>;

export type Difference = { field: string; before: string; now: string };

function words(value: unknown): string {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return "none";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "number") return count(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? absolute(text) : text;
}

/** What somebody changed on a task since it was shown here. Empty where only what no person sets has changed. */
export function differences(before: Task, now: Task): Difference[] {
  return (Object.keys(FIELDS) as (keyof typeof FIELDS)[])
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]))
    .map((field) => ({ field: FIELDS[field], before: words(before[field]), now: words(now[field]) }));
}
