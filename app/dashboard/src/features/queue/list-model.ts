import { Store } from "@/shared/ui/store";
import { allOf, extended, keptIn, NOTHING, toggled, type Selection } from "./selection";

export type ListState = {
  /** The task that keys act on: it has the focus, or had it before a panel took it. */
  current: number | null;
  selection: Selection;
};

/**
 * Where somebody is in the list, and what they chose. It stands outside React, so that a key moves two rows and
 * nothing else on the page.
 */
export class ListModel extends Store<ListState> {
  private order: readonly number[] = [];
  private place = 0;

  constructor() {
    super({ current: null, selection: NOTHING });
  }

  get ids() {
    return this.order;
  }

  /** The list is another one now. Whoever stood on a task that left it stands on the one that follows. */
  settle(order: readonly number[]) {
    this.order = order;
    const { current, selection } = this.get();
    const kept = keptIn(selection, order);
    const at = current === null ? -1 : order.indexOf(current);
    if (at >= 0) this.place = at;
    const next = current === null || at >= 0 ? current : (order[Math.min(this.place, order.length - 1)] ?? null);
    if (next !== current || kept !== selection) this.set({ current: next, selection: kept });
  }

  stand(id: number | null) {
    if (id !== null) this.place = Math.max(0, this.order.indexOf(id));
    this.change({ current: id });
  }

  /** The task so many rows further; the first where nobody stands anywhere. */
  beside(by: number): number | null {
    const { current } = this.get();
    const at = current === null ? -1 : this.order.indexOf(current);
    const to = at < 0 ? 0 : Math.min(this.order.length - 1, Math.max(0, at + by));
    return this.order[to] ?? null;
  }

  toggle(id: number) {
    this.change({ selection: toggled(this.get().selection, id) });
  }

  extend(id: number) {
    this.change({ selection: extended(this.get().selection, id, this.order) });
  }

  chooseLoaded() {
    this.change({ selection: allOf(this.order) });
  }

  chooseEverything() {
    this.change({ selection: { ...allOf(this.order), everything: true } });
  }

  chooseNothing() {
    this.change({ selection: NOTHING });
  }

  private change(changes: Partial<ListState>) {
    const state = { ...this.get(), ...changes };
    if (state.current !== this.get().current || state.selection !== this.get().selection) this.set(state);
  }
}
