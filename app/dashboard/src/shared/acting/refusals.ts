import type { ApiError } from "../api/errors";
import type { Task } from "../api/tasks";
import { Store } from "../ui/store";
import type { Action } from "./actions";

/** Somebody else changed the task since it was shown: what it was, what it is, and what was to be done. */
export type Conflict = { before: Task; now: Task; action: Action };
/** An act that was refused, or that got no answer, and how to try it again; null where that is of no use. */
export type Failure = { title: string; error: ApiError; retry: (() => void) | null };

/** The earliest first: each is shown until somebody has decided. */
export const conflicts = new Store<readonly Conflict[]>([]);
export const failures = new Store<readonly Failure[]>([]);

export const raiseConflict = (conflict: Conflict) => conflicts.set([...conflicts.get(), conflict]);
export const decided = (conflict: Conflict) => conflicts.set(conflicts.get().filter((each) => each !== conflict));

export const fail = (failure: Failure) => failures.set([...failures.get(), failure]);
export const dismiss = (failure: Failure) => failures.set(failures.get().filter((each) => each !== failure));
