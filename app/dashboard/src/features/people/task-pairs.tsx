import { Button, Group } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { act } from "@/shared/acting/act";
import { useMay } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { useOnce } from "@/shared/api/use-once";
import { useLiveEvents } from "@/shared/live/use-live";
import { Moment } from "@/shared/time/moment";
import { BandMark, groupOf } from "@/shared/ui/band";
import { placeName, seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { notOneTask, proposeTasksAgain } from "./acts";
import { withoutSettled } from "./names";
import classes from "./people.module.css";
import { duplicatesChanged, duplicatesQuery, type Duplicate } from "./queries";
import { Section } from "./section";
import { SettledList } from "./settled-list";
import { useSettling, type Settled } from "./use-settling";

const SETTLES_MS = 400;

const keyOf = ({ task, other }: Duplicate) => `tasks-${task.id}-${other.id}`;

/** The notice that offers to undo comes with the act; null where it was refused, which the notices say too. */
async function merge({ task, other }: Duplicate): Promise<Task | null> {
  const merged = await act(task, { verb: "merge", into: other.id });
  await duplicatesChanged();
  return merged;
}

async function keepApart(pair: Duplicate, key: string): Promise<Settled> {
  await notOneTask(pair, key);
  return {
    key: keyOf(pair),
    sentence: `«${seen(pair.task.title)}»: the two stay apart, and are not proposed again.`,
    takeBack: async () => {
      await proposeTasksAgain(pair);
      return keyOf(pair);
    },
  };
}

/** Open tasks that may be one. */
export function TaskPairs() {
  const pairs = useInfiniteQuery(duplicatesQuery);
  const { heading, list, leave, settled, keys, settle, unsettle } = useSettling();
  // A merge may be undone from its notice, or by somebody else; an import tells of many changes one after the other.
  const lookAgain = useDebouncedCallback(() => void duplicatesChanged(), SETTLES_MS);
  useLiveEvents(({ type }) => {
    if (type === "queue.changed" || type === "task.changed") lookAgain();
  });
  return (
    <Section
      title="Perhaps one task"
      heading={heading}
      about="Tasks of the same title that began within 90 days. A merge moves all messages of the later one into the earlier, and can be undone."
    >
      <SettledList settled={settled} onTakenBack={unsettle} />
      <PagedList
        query={pairs}
        empty={
          <p className={classes.none}>
            Nothing to settle. Open tasks of the same title that began within 90 days would stand here, to be merged or
            kept apart.
          </p>
        }
      >
        {(rows) => {
          const left = withoutSettled(rows, keys, keyOf);
          if (left.length === 0) return <p className={classes.none}>All of them are settled.</p>;
          return (
            <ul ref={list} className={classes.pairs}>
              {left.map((pair) => (
                <Pair
                  key={keyOf(pair)}
                  pair={pair}
                  onMerged={() => leave(keyOf(pair), left.map(keyOf))}
                  onSettled={(entry) => settle(entry, left.map(keyOf))}
                />
              ))}
            </ul>
          );
        }}
      </PagedList>
    </Section>
  );
}

type PairProps = { pair: Duplicate; onMerged: () => void; onSettled: (entry: Settled) => void };

function Pair({ pair, onMerged, onSettled }: PairProps) {
  const id = useId();
  const may = useMay();
  const merging = useMutation({ mutationFn: () => merge(pair), onSuccess: (merged) => merged && onMerged() });
  const parting = useOnce({ mutationFn: keepApart, onSuccess: onSettled });
  return (
    <li className={classes.pair} data-pair={keyOf(pair)} tabIndex={-1} aria-labelledby={id}>
      <div className={classes.sides} id={id}>
        <Side task={pair.other} which="Earlier" />
        <Side task={pair.task} which="Later" />
      </div>
      <p className={classes.because} id={`${id}-because`} dir="auto">
        {seen(pair.because)}
      </p>
      {may("tasks:write") && (
        <Group gap="xs">
          {pair.may_merge && (
            <Button
              size="sm"
              aria-describedby={`${id} ${id}-because`}
              loading={merging.isPending}
              disabled={parting.isPending}
              onClick={() => merging.mutate()}
            >
              Merge
            </Button>
          )}
          <Button
            size="sm"
            variant="default"
            aria-describedby={id}
            loading={parting.isPending}
            disabled={merging.isPending}
            onClick={() => parting.mutate(pair)}
          >
            Not the same
          </Button>
          {!pair.may_merge && <span className={classes.of}>Both are rows at their source, which keeps them two.</span>}
        </Group>
      )}
      {(merging.error ?? parting.error) && <ProblemPanel error={merging.error ?? parting.error} />}
    </li>
  );
}

function Side({ task, which }: { task: Task; which: string }) {
  return (
    <div className={classes.side}>
      <p className={classes.of}>{which}</p>
      <h3 dir="auto">
        <Link to="/tasks/$taskId" params={{ taskId: task.id }} className={classes.link}>
          {seen(task.title)}
        </Link>
      </h3>
      <p className={classes.of}>
        <BandMark group={groupOf(task)} /> · {seen(placeName(task.source.integration))} ·{" "}
        <Moment at={task.created_at} />
      </p>
    </div>
  );
}
