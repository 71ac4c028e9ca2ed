import { defaultRangeExtractor, useVirtualizer, type Range } from "@tanstack/react-virtual";
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  type ReactNode,
  type Ref,
} from "react";
import { useStore } from "@/shared/ui/store";
import { HeadRow } from "./head-row";
import type { Line } from "./lines";
import type { ListModel } from "./list-model";
import classes from "./list.module.css";
import { HEAD_HEIGHT, rowHeight, type Density } from "./metrics";
import { TaskRow } from "./task-row";
import { useFocusAfterLoss } from "./use-focus-after-loss";
import { useListPointer } from "./use-list-pointer";
import type { Column } from "./vocabulary";

/** What others can do with the list: go to a task in it, and remember what is in view across a new order. */
export type ListHandle = {
  reveal: (id: number, focus: boolean) => void;
  holdView: () => void;
  atTop: () => boolean;
  firstInView: () => number | null;
};

export type TaskListProps = {
  ref: Ref<ListHandle>;
  lines: readonly Line[];
  model: ListModel;
  columns: readonly Column[];
  density: Density;
  narrow: boolean;
  choosable: boolean;
  open: number | undefined;
  onOpen: (id: number) => void;
  onKeys: (event: React.KeyboardEvent) => void;
  /** Called when the end comes near. */
  onEnd: () => void;
  headCount: (key: string) => number | undefined;
  /** Of the whole list, headings included; -1 where that is not known. */
  rows: number;
  label: string;
  busy: boolean;
  children?: ReactNode;
};

const NEAR = 120; // lines before the end
const OVERSCAN = 4; // each way; with more, a jump draws more rows than fit into a frame

/**
 * The queue as a grid of rows, of which only those in view exist.
 *
 * A grid, because its rows hold a checkbox, a link and cells that are read one by one, they can be chosen several at a
 * time, and `aria-rowindex` says where in the whole a row stands. Tab reaches one row; keys go on from there.
 */
export function TaskList(props: TaskListProps) {
  const { ref, lines, model, columns, density, narrow, choosable, open, onEnd, headCount } = props;
  const { current, selection } = useStore(model);
  const scroller = useRef<HTMLDivElement>(null);
  const toFocus = useRef<number | null>(null);
  const held = useRef<{ id: number; offset: number } | null>(null);
  const height = rowHeight(density, narrow, columns.includes("reasons"));
  const indexes = useMemo(
    () => new Map(lines.flatMap((line, index) => (line.kind === "task" ? [[line.task.id, index] as const] : []))),
    [lines],
  );
  const reached =
    (current === null ? undefined : indexes.get(current)) ?? lines.findIndex(({ kind }) => kind === "task");

  // Nothing of it is memoised here, and the compiler skips what uses it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: useCallback(() => scroller.current, []),
    estimateSize: useCallback((index) => (lines[index]?.kind === "head" ? HEAD_HEIGHT : height), [lines, height]),
    getItemKey: useCallback(
      (index) => {
        const line = lines[index];
        return line?.kind === "task" ? line.task.id : `head ${line?.key ?? index}`;
      },
      [lines],
    ),
    // The row that has the focus stays, however far it is scrolled away.
    rangeExtractor: useCallback(
      (range: Range) =>
        [...new Set([...defaultRangeExtractor(range), reached])].filter((index) => index >= 0).sort((a, b) => a - b),
      [reached],
    ),
    overscan: OVERSCAN,
    scrollPaddingStart: HEAD_HEIGHT,
    scrollPaddingEnd: 8,
  });
  const items = virtualizer.getVirtualItems();
  const top = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;

  useLayoutEffect(() => virtualizer.measure(), [virtualizer, lines, height]);
  useLayoutEffect(() => {
    model.settle(lines.flatMap((line) => (line.kind === "task" ? [line.task.id] : [])));
    const keep = held.current;
    held.current = null;
    const index = keep && indexes.get(keep.id);
    const start = index === null || index === undefined ? null : virtualizer.getOffsetForIndex(index, "start")?.[0];
    if (keep && typeof start === "number") virtualizer.scrollToOffset(start + HEAD_HEIGHT - keep.offset);
  }, [lines, indexes, model, virtualizer]);
  useEffect(() => {
    if (last >= lines.length - NEAR) onEnd();
  }, [last, lines.length, onEnd]);
  useLayoutEffect(() => {
    const id = toFocus.current;
    const row = id === null ? null : scroller.current?.querySelector<HTMLElement>(`[data-task="${id}"]`);
    if (!row) return;
    toFocus.current = null;
    row.focus({ preventScroll: true });
  });
  useFocusAfterLoss(scroller, current);

  useImperativeHandle(ref, () => ({
    reveal: (id, focus) => {
      if (focus) toFocus.current = id;
      const index = indexes.get(id);
      if (index !== undefined) virtualizer.scrollToIndex(index, { align: "auto" });
      model.stand(id);
      if (focus) scroller.current?.querySelector<HTMLElement>(`[data-task="${id}"]`)?.focus({ preventScroll: true });
    },
    holdView: () => {
      const seen = scroller.current?.scrollTop ?? 0;
      if (seen < height) return;
      const first = items.find(({ index, end }) => end > seen + HEAD_HEIGHT && lines[index]?.kind === "task");
      const mine = items.find(({ index }) => index === reached);
      const inView = mine && mine.start >= seen && mine.end <= seen + (scroller.current?.clientHeight ?? 0);
      const anchor = inView ? mine : first;
      const line = anchor && lines[anchor.index];
      if (anchor && line?.kind === "task") held.current = { id: line.task.id, offset: anchor.start - seen };
    },
    atTop: () => (scroller.current?.scrollTop ?? 0) < height,
    firstInView: () => {
      const line = lines.slice(top).find(({ kind }) => kind === "task");
      return line?.kind === "task" ? line.task.id : null;
    },
  }));

  const pointer = useListPointer(model, choosable, props.onOpen);
  const heading = lines.slice(0, top + 1).findLast(({ kind }) => kind === "head");
  return (
    <div ref={scroller} className={classes.scroller} data-busy={props.busy || undefined}>
      {heading?.kind === "head" && (
        <div className={classes.stuck} aria-hidden>
          <HeadRow heading={heading} count={headCount(heading.key)} />
        </div>
      )}
      <div
        role="grid"
        tabIndex={-1}
        aria-label={props.label}
        aria-multiselectable={choosable}
        aria-rowcount={props.rows}
        aria-busy={props.busy}
        className={classes.lines}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={props.onKeys}
        {...pointer}
      >
        {items.map(({ index, key, start, size }) => {
          const line = lines[index];
          if (!line) return null;
          return (
            <div key={key} role="presentation" className={classes.line} style={{ height: size, top: start }}>
              {line.kind === "head" ? (
                <HeadRow heading={line} count={headCount(line.key)} line={index + 1} />
              ) : (
                <TaskRow
                  task={line.task}
                  line={index + 1}
                  columns={columns}
                  narrow={narrow}
                  choosable={choosable}
                  chosen={selection.ids.has(line.task.id)}
                  open={open === line.task.id}
                  reached={index === reached}
                />
              )}
            </div>
          );
        })}
      </div>
      {props.children}
    </div>
  );
}
