import type { Schema } from "../api/client";
import type { Task } from "../api/tasks";
import { Store } from "../ui/store";

/** What an act is for: tasks that are shown, or all that a filter finds, also those that no page was loaded of. */
export type Target = { tasks: readonly Task[] } | { filter: Schema<"TaskFilter">; matched: number };

/** What is asked for before it can be done: when, to whom, why. */
export type Question =
  "snooze" | "assign" | "decline" | "due" | "labels" | "merge" | "delete" | "complete" | "reopen" | "rank-above";

/** What a person wants to do, and to what. The dialogs (features/acting) answer it; null where nothing is asked. */
export const asked = new Store<{ question: Question; target: Target } | null>(null);

export const ask = (question: Question, target: Target) => asked.set({ question, target });

/** How many tasks it is for. */
export const sizeOf = (target: Target) => ("tasks" in target ? target.tasks.length : target.matched);
