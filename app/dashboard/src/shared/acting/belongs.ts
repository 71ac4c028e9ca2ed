import type { Task, TaskParameters } from "../api/tasks";

const DAY_MS = 24 * 60 * 60 * 1000;

const includes = <T>(wanted: readonly T[] | null | undefined, value: T) =>
  !wanted || wanted.length === 0 || wanted.includes(value);

/**
 * Whether a task still belongs to a list, as far as the page can tell: by what people change. What only the server
 * knows (words in its items, its integration's kind, which names are «me») is taken to hold, since the task stood in
 * the list before.
 */
export function belongs(task: Task, list: TaskParameters): boolean {
  const statuses = list.status?.length ? list.status : ["open" as const];
  if (!statuses.includes(task.status)) return false;
  if (!includes(list.band, task.band) || !includes(list.tier, task.tier)) return false;
  if (!includes(list.turn, task.turn ?? "none")) return false;
  if (list.label?.some((label) => !task.labels.includes(label))) return false;
  return belongsByAssignee(task, list) && belongsByDeadline(task, list);
}

function belongsByAssignee({ assignee }: Task, list: TaskParameters) {
  const named = list.assignee ?? [];
  // Which names are mine only the server knows; that nobody has it is known here.
  if (named.includes("me")) return assignee !== null || named.includes("none");
  return includes(named, assignee ?? "none");
}

function belongsByDeadline({ due_at }: Task, list: TaskParameters) {
  if (list.due_before && (!due_at || Date.parse(due_at) >= Date.parse(list.due_before))) return false;
  if (list.due_after && (!due_at || Date.parse(due_at) < Date.parse(list.due_after))) return false;
  return includes(list.due, windowOf(due_at));
}

/** The window of deadlines that this one is in, as the API counts them. */
function windowOf(due: string | null): NonNullable<TaskParameters["due"]>[number] {
  if (!due) return "none";
  const left = Date.parse(due) - Date.now();
  if (left < 0) return "overdue";
  if (left < DAY_MS) return "day";
  return left < 7 * DAY_MS ? "week" : "later";
}
