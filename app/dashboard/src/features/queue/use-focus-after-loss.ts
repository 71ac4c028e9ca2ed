import { useEffect, useRef, type RefObject } from "react";

/** Looked at so many milliseconds after: a dialog that did it gives the focus back once it has faded. */
const LOOK_AT_MS = [0, 250, 500];

const isApart = (target: EventTarget | null) =>
  target === null || (target instanceof Element && target.closest("[role=dialog], [role=menu]") !== null);

/** A row that had the focus went away: the one that took its place has it then, unless somebody is elsewhere by now. */
export function useFocusAfterLoss(scroller: RefObject<HTMLElement | null>, current: number | null) {
  const within = useRef(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener("focusin", () => (within.current = true), { signal });
    element.addEventListener("focusout", ({ relatedTarget }) => (within.current = isApart(relatedTarget)), { signal });
    return () => stop.abort();
  }, [scroller]);
  useEffect(() => {
    const look = () => {
      if (!within.current || document.activeElement !== document.body) return;
      scroller.current?.querySelector<HTMLElement>(`[data-task="${current}"]`)?.focus({ preventScroll: true });
    };
    const timers = current === null ? [] : LOOK_AT_MS.map((ms) => setTimeout(look, ms));
    return () => timers.forEach(clearTimeout);
  }, [scroller, current]);
}
