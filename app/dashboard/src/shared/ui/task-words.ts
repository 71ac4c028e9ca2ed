import type { Task } from "../api/tasks";

/** How a task stands, and whose turn it is, as people are told. */
export const STATUS_WORDS: Record<Task["status"], string> = {
  open: "Open",
  snoozed: "Snoozed",
  done: "Done",
  declined: "Declined",
  not_for_us: "Set aside",
};
export const TURN_WORDS: Record<NonNullable<Task["turn"]> | "none", string> = {
  ours: "Our turn",
  theirs: "Their turn",
  none: "Nobody’s turn",
};
