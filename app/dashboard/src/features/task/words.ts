import type { Task } from "@/shared/api/tasks";

/** How a task stands, where it isn't open. */
export const STATUSES: Record<Task["status"], string> = {
  open: "Open",
  snoozed: "Snoozed",
  done: "Done",
  declined: "Declined",
  not_for_us: "Set aside",
};

export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

/** A number of a task as a place in the address: what is none is 0, which no task has. */
export const taskNumber = (given: unknown) => {
  const number = Number(given);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
};
