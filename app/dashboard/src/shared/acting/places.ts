import type { Task, TaskPage } from "../api/tasks";

/** What becomes of tasks: as they are now; null where they are gone. */
export type Changes = ReadonlyMap<number, Task | null>;
/** Between which others a task stood when it left a list, and when that was. */
type Place = { after: number | null; before: number | null; at: number };
/** Where those that left a list stood, the latest last. */
export type Places = Map<number, Place>;

/** So long a task that comes back goes where it stood; later, the order may have changed. */
const REMEMBERED_MS = 60_000;

/**
 * The pages of a list after changes: tasks change where they stand, those that no longer belong leave, and those that
 * come back go where they stood. Pages that nothing happened to stay the same object.
 */
export function changedPages(
  pages: readonly TaskPage[],
  changes: Changes,
  belongs: (task: Task) => boolean,
  places: Places,
): TaskPage[] {
  const found = new Set<number>();
  let last: number | null = null;
  const changed = pages.map((page) => {
    if (!page.items.some((item) => changes.has(item.id))) {
      last = page.items.at(-1)?.id ?? last;
      return page;
    }
    const items: Task[] = [];
    page.items.forEach((item, index) => {
      const change = changes.get(item.id);
      if (change !== undefined) found.add(item.id);
      const kept = change === undefined ? item : change && belongs(change) ? change : null;
      if (kept) items.push(kept);
      else remember(places, item.id, { after: last, before: page.items[index + 1]?.id ?? null, at: Date.now() });
      if (kept) last = item.id;
    });
    return { ...page, items };
  });
  const back = [...places.keys()].reverse().map((id) => changes.get(id));
  for (const task of back) if (task && !found.has(task.id) && belongs(task)) putBack(changed, task, places);
  return changed;
}

function remember(places: Places, id: number, place: Place) {
  places.delete(id); // so that it comes last
  places.set(id, place);
  for (const [other, { at }] of places) {
    if (place.at - at <= REMEMBERED_MS) break;
    places.delete(other);
  }
}

function putBack(pages: TaskPage[], task: Task, places: Places) {
  const place = places.get(task.id);
  places.delete(task.id);
  if (!place || Date.now() - place.at > REMEMBERED_MS) return;
  const insert = (page: number, index: number) => {
    const there = pages[page];
    if (there) pages[page] = { ...there, items: there.items.toSpliced(index, 0, task) };
  };
  const find = (id: number | null, shift: number) =>
    pages.some((page, number) => {
      const index = page.items.findIndex((item) => item.id === id);
      if (index >= 0) insert(number, index + shift);
      return index >= 0;
    });
  if (place.after === null) insert(0, 0);
  else if (!find(place.after, 1)) find(place.before, 0);
}
