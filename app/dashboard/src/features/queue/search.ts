import type { TaskParameters } from "@/shared/api/tasks";

/** What the queue's address says: which tasks, in which order, and which one is open. */
export type QueueSearch = Pick<TaskParameters, "q"> & {
  view?: "open" | "snoozed" | "done" | "not_for_us";
  task?: number;
};

const VIEWS = ["open", "snoozed", "done", "not_for_us"] as const;

/** Reads an address that anybody may have typed: what it can't understand it leaves out. */
export function queueSearch(given: Record<string, unknown>): QueueSearch {
  const view = VIEWS.find((each) => each === given.view);
  const task = Number(given.task);
  return {
    ...(view ? { view } : {}),
    ...(typeof given.q === "string" && given.q ? { q: given.q.slice(0, 500) } : {}),
    ...(Number.isSafeInteger(task) && task > 0 ? { task } : {}),
  };
}
