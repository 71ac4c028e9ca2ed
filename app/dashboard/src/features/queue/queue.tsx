import { Button } from "@mantine/core";
import { useDocumentTitle, useElementSize, useMediaQuery } from "@mantine/hooks";
import { useMemo, useRef, useState, type ComponentType, type ReactNode } from "react";
import { useMay } from "@/shared/api/session";
import { useCommands } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useStore } from "@/shared/ui/store";
import { ContextItems } from "./context-items";
import { CurrentCommands } from "./current-commands";
import { EmptyQueue } from "./empty-queue";
import { ListModel } from "./list-model";
import { ListTail, ListWaiting } from "./list-tail";
import { NARROW } from "./metrics";
import { movedWords } from "./order";
import panels from "./panels.module.css";
import { QueueNote } from "./queue-notes";
import { useQueue } from "./queue-state";
import classes from "./queue.module.css";
import { useRankDrops } from "./rank-drag";
import { SelectAll } from "./select-all";
import { SelectionBar } from "./selection-bar";
import { density } from "./settings";
import { tabOf, TABS } from "./tabs";
import { TaskList, type ListHandle } from "./task-list";
import { Toolbar } from "./toolbar";
import { useChoice } from "./use-choice";
import { useListCommands } from "./use-list-commands";
import { useMoved } from "./use-moved";
import { useNotes } from "./use-notes";
import { WhoNote } from "./who-note";

/** What the panel beside the list is told of the task it is to show. */
export type PanelSlot = {
  task: number;
  next: number | null;
  previous: number | null;
  onOpen: (id: number) => void;
  onClose: () => void;
};

type Given = {
  /** What stands above the list. */
  banner: ReactNode;
  /** What stands in its place where nothing was brought in yet. */
  firstRun: ReactNode;
  Panel: ComponentType<PanelSlot>;
};

const COVERS = "(max-width: 68.74em)"; // then the panel lies over the list

/** The queue: what is asked for, the list, what its search found beside it, and the open task. */
export function Queue({ banner, firstRun, Panel }: Given) {
  const chosen = useChoice();
  const { choice, task: opened, setFilter } = chosen;
  const { filter } = choice;
  const writes = useMay()("tasks:write");
  const covered = useMediaQuery(COVERS, matchMedia(COVERS).matches) && opened !== undefined;
  const [model] = useState(() => new ListModel());
  const list = useRef<ListHandle>(null);
  const { ref: sideRef, width } = useElementSize();
  const queue = useQueue(choice);
  const { lines, tasks, counts } = queue;
  const closeness = useStore(density);

  const title = TABS.find(({ name }) => name === tabOf(filter))?.title ?? "Queue";
  useDocumentTitle(title === "Open" ? "Queue · Watchfloor" : `${title} · Queue · Watchfloor`);

  const open = (id: number) => {
    model.chooseNothing();
    list.current?.reveal(id, false);
    if (id !== opened) chosen.open(id, opened !== undefined);
  };
  const close = () => {
    if (opened === undefined) return;
    chosen.open(undefined, true);
    list.current?.reveal(opened, true);
  };
  const go = (id: number | null) => {
    if (id === null) return;
    list.current?.reveal(id, !covered);
    if (opened !== undefined && model.get().selection.ids.size === 0) chosen.open(id, true);
  };
  const { note, setNote, claim, claiming, rank } = useNotes(open);
  const onKeys = useListCommands(model, { go, open, close, rank, page: () => 12 }, { choose: writes });
  useRankDrops(
    () => model.ids,
    ({ above, below }) => rank(above, below),
  );
  const { moved, show } = useMoved(
    choice,
    () => (list.current?.atTop() ?? true) && model.get().selection.ids.size === 0 && opened === undefined,
    () => list.current?.holdView(),
  );
  const shows = { id: "queue show moved", group: "In the queue", keys: ".", title: "Show what moved" };
  useCommands([{ ...shows, quiet: moved === null, run: () => moved && show() }]);

  const around = useMemo(() => {
    const at = tasks.findIndex((task) => task.id === opened);
    return at < 0
      ? { next: null, previous: null }
      : { next: tasks[at + 1]?.id ?? null, previous: tasks[at - 1]?.id ?? null };
  }, [tasks, opened]);
  const anything = counts?.status.values.some(({ count }) => count > 0) ?? true;
  return (
    <div className={classes.queue}>
      <div className={classes.side} inert={covered}>
        {banner}
        <h1 className="unseen">Queue</h1>
        <CurrentCommands model={model} tasks={tasks} />
        <Toolbar
          chosen={chosen}
          counted={queue.counted}
          busy={queue.isPlaceholderData}
          onDown={() => go(model.get().current ?? model.beside(0))}
          selectAll={writes && <SelectAll model={model} loaded={tasks.length} />}
          claim={writes ? { run: claim, pending: claiming } : null}
        />
        {writes && <WhoNote />}
        <QueueNote note={note} onClose={() => setNote(null)} />
        <div className={classes.list} ref={sideRef}>
          {moved && (
            <div className={panels.pill}>
              <Button size="compact-md" radius="xl" rightSection={<KeysHint keys="." />} onClick={show}>
                {movedWords(moved)} · Show
              </Button>
            </div>
          )}
          {queue.isError && !queue.data && (
            <div className={classes.problem}>
              <ProblemPanel error={queue.error} onRetry={() => void queue.refetch()} />
            </div>
          )}
          {queue.isPending && <ListWaiting />}
          {queue.data && lines.length === 0 && !queue.hasNextPage && (
            <EmptyQueue filter={filter} firstRun={firstRun} anything={anything} onChange={(next) => setFilter(next)} />
          )}
          {queue.data && (lines.length > 0 || queue.hasNextPage) && (
            <TaskList
              ref={list}
              lines={lines}
              model={model}
              columns={choice.columns}
              density={closeness}
              narrow={width > 0 && width < NARROW}
              choosable={writes}
              open={opened}
              onOpen={open}
              onKeys={onKeys}
              onEnd={queue.onEnd}
              headCount={queue.headCount}
              rows={queue.rows}
              label={`${title} tasks`}
              busy={queue.isPlaceholderData}
            >
              <ListTail queue={queue} />
            </TaskList>
          )}
        </div>
        <ContextItems q={filter.q ? (queue.counted.q ?? "") : ""} onMade={open} />
        <SelectionBar model={model} tasks={tasks} filter={filter} counted={queue.counted} whole={!queue.hasNextPage} />
      </div>
      {opened !== undefined && (
        <aside className={classes.panel} aria-label="Task" data-panel>
          <Panel task={opened} {...around} onOpen={open} onClose={close} />
        </aside>
      )}
    </div>
  );
}
