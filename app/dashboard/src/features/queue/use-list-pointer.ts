import type { FocusEvent, MouseEvent } from "react";
import type { ListModel } from "./list-model";

const rowAt = (target: EventTarget) => (target instanceof Element ? target.closest<HTMLElement>("[data-task]") : null);

/** One handler for all rows: a click opens, in the box or with a key held it chooses; the focus says where one stands. */
export function useListPointer(model: ListModel, choosable: boolean, onOpen: (id: number) => void) {
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const row = rowAt(event.target);
    if (!row || event.button !== 0) return;
    const id = Number(row.dataset.task);
    const link = event.target instanceof Element && event.target.closest("a") !== null;
    const box = event.target instanceof Element && event.target.closest("[data-choose]") !== null;
    const apart = event.metaKey || event.ctrlKey;
    if (link && apart) return; // a new tab
    if (link) event.preventDefault();
    row.focus({ preventScroll: true });
    if (choosable && event.shiftKey) {
      document.getSelection()?.removeAllRanges();
      model.extend(id);
    } else if (choosable && (box || apart)) model.toggle(id);
    else onOpen(id);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const row = rowAt(event.target);
    if (row) model.stand(Number(row.dataset.task));
  };
  return { onClick, onFocus };
}
