import { dropFirst } from "./bounds";

/** The last act on each task that has not been answered yet. */
const tails = new Map<number, Promise<unknown>>();

/** One after the other for each task: the next act on it is sent once the one before is answered. */
export function inTurn<T>(ids: readonly number[], run: () => Promise<T>): Promise<T> {
  const mine = Promise.allSettled(ids.map((id) => tails.get(id) ?? Promise.resolve())).then(run);
  const tail = mine.then(
    () => undefined,
    () => undefined,
  );
  for (const id of ids) {
    tails.set(id, tail);
    void tail.then(() => {
      if (tails.get(id) === tail) tails.delete(id);
    });
  }
  return mine;
}

/** When all that is being done to a task from here is answered; undefined where nothing is. */
export const turnOf = (id: number): Promise<unknown> | undefined => tails.get(id);

/** Steps are kept of so many tasks, and so many of each: those that somebody acts on now. */
const MOST_TASKS = 500;
const MOST_STEPS = 50;

/** Steps that acts from here made, by task: from the version an act was sent with to the one it was answered with. */
const steps = new Map<number, Map<number, number>>();

export function noteStep(id: number, from: number, to: number) {
  if (to <= from) return;
  const known = steps.get(id) ?? new Map<number, number>();
  steps.delete(id); // so that it comes last
  steps.set(id, known.set(from, to));
  dropFirst(known, MOST_STEPS);
  dropFirst(steps, MOST_TASKS);
}

/** Whether an act from here made this version: nothing is news in it. */
export const madeHere = (id: number, version: number): boolean =>
  [...(steps.get(id)?.values() ?? [])].includes(version);

/** The version of what a person sees, with what they did to it from here since: none of that is somebody else's change. */
export function versionSeen(id: number, shown: number): number {
  const known = steps.get(id);
  let version = shown;
  for (let next = known?.get(version); next !== undefined; next = known?.get(version)) version = next;
  return version;
}
