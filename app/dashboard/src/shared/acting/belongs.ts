import type { Task, TaskParameters } from "../api/tasks";

const includes = <T>(wanted: readonly T[] | null | undefined, value: T) =>
  !wanted || wanted.length === 0 || wanted.includes(value);

/**
 * Whether a task still belongs to a list, as far as the page can tell: by what people change. What only the server
 * knows (words in its items, its integration's kind) is taken to hold, since the task stood in the list before.
 */
export function belongs(task: Task, list: TaskParameters): boolean {
  const statuses = list.status?.length ? list.status : ["open" as const];
  if (!statuses.includes(task.status)) return false;
  if (!includes(list.band, task.band) || !includes(list.tier, task.tier)) return false;
  if (!includes(list.turn, task.turn ?? "none")) return false;
  if (list.label?.some((label) => !task.labels.includes(label))) return false;
  if (list.due_before && (!task.due_at || task.due_at >= list.due_before)) return false;
  return true;
}
