import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMyName } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { Moment } from "@/shared/time/moment";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { historyQuery, writesQuery } from "../queries";
import { Section, Waiting } from "../section";
import { timeline, type Told } from "./sentences";
import classes from "./timeline.module.css";

/** What happened to a task, and what its source was told of it: the newest first. */
export function Timeline({ task }: { task: Task }) {
  const me = useMyName();
  const history = useInfiniteQuery(historyQuery(task.id));
  const writes = useInfiniteQuery(writesQuery(task.id));
  const error = history.error ?? writes.error;
  const both = [history, writes];
  const loaded = history.data && writes.data;
  const lines = timeline(
    { lines: history.data?.pages.flatMap((page) => page.items) ?? [], more: history.hasNextPage },
    { lines: writes.data?.pages.flatMap((page) => page.items) ?? [], more: writes.hasNextPage },
    me,
  );
  return (
    <Section title="Timeline" name="timeline">
      {error && (
        <ProblemPanel error={error} onRetry={() => both.forEach((each) => each.error && void each.refetch())} />
      )}
      {!loaded && !error && <Waiting lines={3} label="Asking what happened" />}
      {loaded && (
        <ol className={classes.lines}>
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
          {!history.hasNextPage && !writes.hasNextPage && (
            <li>
              <p className={classes.did}>It came in here.</p>
              <span className={classes.when}>
                <Moment at={task.created_at} />
              </span>
            </li>
          )}
        </ol>
      )}
      {(history.hasNextPage || writes.hasNextPage) && (
        <Button
          size="xs"
          variant="default"
          loading={history.isFetchingNextPage || writes.isFetchingNextPage}
          onClick={() => both.forEach((each) => each.hasNextPage && void each.fetchNextPage())}
        >
          Show what was before
        </Button>
      )}
    </Section>
  );
}

function Line({ line }: { line: Told }) {
  return (
    <li data-write={line.write?.state}>
      <p className={classes.did} dir="auto">
        <strong>{seen(line.who)}</strong>
        {seen(line.did)}
      </p>
      <span className={classes.when}>
        <Moment at={line.at} />
      </span>
      {line.changes.length > 0 && (
        <dl className={classes.changes}>
          {line.changes.map(({ field, before, after }) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>
                <del dir="auto">{seen(before)}</del> <span aria-hidden>→</span>
                <span className="unseen"> became </span> <ins dir="auto">{seen(after)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
