import { Button, Skeleton } from "@mantine/core";
import { asApiError } from "@/shared/api/errors";
import { several } from "@/shared/ui/numbers";
import classes from "./list.module.css";
import type { useQueue } from "./queue-state";

const ROWS = Array.from({ length: 9 }, (_, index) => index);

/** Rows that are not there yet, in the shape they will have. */
export function ListWaiting() {
  return (
    <div aria-busy="true">
      <span className="unseen" role="status">
        Asking for the queue
      </span>
      {ROWS.map((row) => (
        <div key={row} className={classes.skeleton}>
          <Skeleton width={14} height={14} />
          <Skeleton circle height={12} />
          <span className={classes.twolines}>
            <Skeleton height={11} width={`${55 + ((row * 7) % 30)}%`} />
            <Skeleton height={9} width={`${35 + ((row * 11) % 35)}%`} />
          </span>
          <Skeleton height={10} width={90} visibleFrom="sm" />
          <Skeleton height={10} width={90} visibleFrom="sm" />
          <Skeleton height={12} width={24} />
        </div>
      ))}
    </div>
  );
}

/** What stands below the last row: that more comes, that it could not be fetched, or that this is all. */
export function ListTail({ queue }: { queue: ReturnType<typeof useQueue> }) {
  const { tasks, hasNextPage, isFetchNextPageError, isFetchingNextPage, error, byItself, more } = queue;
  if (isFetchNextPageError)
    return (
      <div className={classes.tail} role="alert">
        More could not be fetched. {asApiError(error).message}
        <Button size="compact-xs" variant="default" onClick={more}>
          Retry
        </Button>
      </div>
    );
  if (!hasNextPage) return <div className={classes.tail}>That is all: {several(tasks.length, "task")}.</div>;
  if (byItself) return <div className={classes.tail}>Fetching more…</div>;
  return (
    <div className={classes.tail}>
      Projects of the first {several(tasks.length, "task")}.
      <Button size="compact-xs" variant="default" loading={isFetchingNextPage} onClick={more}>
        Look at more
      </Button>
    </div>
  );
}
