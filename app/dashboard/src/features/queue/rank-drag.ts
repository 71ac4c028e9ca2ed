import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { useEffect, useEffectEvent, type RefObject } from "react";

const KIND = "watchfloor.task";

type Wish = { above: number; below: number };

/** Makes a row something that can be dragged, and that others can be dropped on. */
export function useRankDrag(row: RefObject<HTMLElement | null>, task: number, enabled: boolean) {
  useEffect(() => {
    const element = row.current;
    if (!element || !enabled) return;
    return combine(
      draggable({ element, getInitialData: () => ({ kind: KIND, task }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.kind === KIND && source.data.task !== task,
        getData: () => ({ task }),
      }),
    );
  }, [row, task, enabled]);
}

/** What a drag says: upwards, that it should stand above the other; downwards, that the other should stand above it. */
export function wishOf(dragged: number, target: number, order: readonly number[]): Wish {
  const down = order.indexOf(dragged) < order.indexOf(target);
  return down ? { above: target, below: dragged } : { above: dragged, below: target };
}

function mark(row: Element | undefined, at: "above" | "below" | null) {
  for (const marked of document.querySelectorAll("[data-drop]"))
    if (marked !== row) marked.removeAttribute("data-drop");
  if (row && at) row.setAttribute("data-drop", at);
}

/** Follows drags over the list; the line that shows where it goes is drawn past React, on each move of the pointer. */
export function useRankDrops(order: () => readonly number[], onWish: (wish: Wish) => void) {
  const present = useEffectEvent(order);
  const wished = useEffectEvent(onWish);
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data.kind === KIND,
        onDragStart: ({ source }) => source.element.setAttribute("data-lifted", ""),
        onDropTargetChange: ({ source, location }) => {
          const target = location.current.dropTargets[0];
          if (!target) {
            mark(undefined, null);
            return;
          }
          const wish = wishOf(Number(source.data.task), Number(target.data.task), present());
          mark(target.element, wish.above === source.data.task ? "above" : "below");
        },
        onDrop: ({ source, location }) => {
          source.element.removeAttribute("data-lifted");
          mark(undefined, null);
          const target = location.current.dropTargets[0];
          if (target) wished(wishOf(Number(source.data.task), Number(target.data.task), present()));
        },
      }),
    [],
  );
}
