/**
 * Which tasks are chosen. `loaded`: all that were loaded when they were chosen, whatever was loaded since. `everything`:
 * all that the filter finds, also those that no page was loaded of.
 */
export type Selection = { ids: ReadonlySet<number>; anchor: number | null; loaded: boolean; everything: boolean };

export const NOTHING: Selection = { ids: new Set(), anchor: null, loaded: false, everything: false };

export function toggled(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, loaded: false, everything: false };
}

/** From where the last one was chosen to `id`, both included, beside what was chosen before. */
export function extended(selection: Selection, id: number, order: readonly number[]): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return { ...toggled({ ...selection, ids: without(selection.ids, id) }, id) };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ...NOTHING, ids: new Set([...selection.ids, ...range]), anchor: selection.anchor };
}

const without = (ids: ReadonlySet<number>, id: number) => new Set([...ids].filter((each) => each !== id));

export const allOf = (order: readonly number[]): Selection => ({
  ids: new Set(order),
  anchor: order[0] ?? null,
  loaded: true,
  everything: false,
});

/** What is left of it once some tasks are no longer in the list. The same object where nothing went. */
export function keptIn(selection: Selection, order: readonly number[]): Selection {
  if (selection.ids.size === 0) return selection;
  const there = new Set(order);
  const ids = [...selection.ids].filter((id) => there.has(id));
  if (ids.length === selection.ids.size) return selection;
  if (ids.length === 0) return NOTHING;
  const anchor = selection.anchor !== null && there.has(selection.anchor) ? selection.anchor : null;
  return { ...selection, ids: new Set(ids), anchor };
}
