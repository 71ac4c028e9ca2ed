import type { Task } from "../api/tasks";
import { absolute } from "../time/words";
import { STATUS_WORDS, TURN_WORDS } from "../ui/task-words";

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

function words(task: Task, field: keyof typeof FIELDS): string | null {
  switch (field) {
    case "status":
      return STATUS_WORDS[task.status];
    case "turn":
      return TURN_WORDS[task.turn ?? "none"];
    case "labels":
      return task.labels.length > 0 ? task.labels.join(", ") : null;
    case "due_at":
    case "snoozed_until":
    case "last_item_at": {
      const at = task[field];
      return at && absolute(at);
    }
    default:
      return task[field] === "" ? null : task[field];
  }
}

/** What somebody changed on a task since it was shown here. Empty where only what no person sets has changed. */
export function differences(before: Task, now: Task): Difference[] {
  return (Object.keys(FIELDS) as (keyof typeof FIELDS)[])
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]))
    .map((field) => ({
      field: FIELDS[field],
      before: words(before, field) ?? "none",
      now: words(now, field) ?? "none",
    }));
}
