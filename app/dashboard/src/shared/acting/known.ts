import type { Task } from "../api/tasks";
import { foreseen, type Action } from "./actions";
import { dropFirst } from "./bounds";

/** Of as many tasks it is kept what the server said last, or that they went: long enough for answers that overtake. */
const MOST = 500;

/** What was done to a task and is not answered yet, the oldest first, and what the server said of it before. */
type Waiting = { base: Task; actions: readonly Action[] };

const waiting = new Map<number, Waiting>();
const told = new Map<number, Task>();
/** The version that a task had when it went: a later one has come back. */
const gone = new Map<number, number>();

/** What is to be shown of a task: as the server told, with what was done to it since. Null: it is gone. */
export function asKnown(id: number): Task | null | undefined {
  const mine = waiting.get(id);
  if (mine) return mine.actions.reduce<Task | null>((task, action) => task && foreseen(task, action), mine.base);
  return gone.has(id) ? null : told.get(id);
}

/** All tasks of which more is known than an answer may hold that was asked for earlier. */
export const knownIds = (): Set<number> => new Set([...waiting.keys(), ...told.keys(), ...gone.keys()]);

/** Takes the server's word for a task, unless a later one came before it. Returns what is to be shown. */
export function take(task: Task): Task | null {
  const mine = waiting.get(task.id);
  if (mine && mine.base.version <= task.version) waiting.set(task.id, { ...mine, base: task });
  const before = told.get(task.id);
  if (!before || before.version <= task.version) {
    told.delete(task.id);
    told.set(task.id, task);
    gone.delete(task.id);
  }
  dropFirst(told, MOST);
  return asKnown(task.id) ?? null;
}

/** The same of an answer that was asked for at any time: what had gone by then stays gone. */
export const takeAnswer = (task: Task): Task | null => ((gone.get(task.id) ?? -1) >= task.version ? null : take(task));

/** An answer from a list: its task, or what is known of it beyond that. */
export function latest(task: Task): Task | null {
  const word = told.get(task.id);
  if (word && word.version <= task.version) told.delete(task.id);
  if ((gone.get(task.id) ?? task.version) < task.version) gone.delete(task.id);
  const mine = waiting.get(task.id);
  if (mine && mine.base.version <= task.version) waiting.set(task.id, { ...mine, base: task });
  const known = asKnown(task.id);
  return known === undefined ? task : known;
}

/** Something is being done to a task: it counts as done until the server refuses. */
export function expect(task: Task, action: Action) {
  const mine = waiting.get(task.id);
  const word = told.get(task.id);
  const base = mine?.base ?? (word && word.version > task.version ? word : task);
  waiting.set(task.id, { base, actions: [...(mine?.actions ?? []), action] });
}

/** It has been answered, either way: what the server says of the task counts from here on. */
export function settle(id: number, action: Action) {
  const mine = waiting.get(id);
  if (!mine) return;
  const actions = mine.actions.filter((each) => each !== action);
  if (actions.length > 0) waiting.set(id, { ...mine, actions });
  else waiting.delete(id);
  if (!told.has(id)) told.set(id, mine.base);
}

export function takeGone(id: number, version: number) {
  told.delete(id);
  gone.delete(id); // so that it comes last
  gone.set(id, version);
  dropFirst(gone, MOST);
}

export const comeBack = (id: number) => void gone.delete(id);
