import { Button } from "@mantine/core";
import type { Target } from "@/shared/acting/asked";
import { api, bodyOf } from "@/shared/api/client";
import { useOnce } from "@/shared/api/use-once";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ActDialog, close, only } from "./act-dialog";
import classes from "./acting.module.css";
import { OtherTask } from "./merge-dialog";

/** Asks above which other task it should stand. The rules learn from it; the queue stays as it is. */
export function RankDialog({ target }: { target: Target }) {
  const task = only(target);
  const rank = useOnce({
    mutationFn: ({ id, other }: { id: number; other: number }, key) =>
      bodyOf(
        api.POST("/api/v1/tasks/{task_id}/rank-above", {
          params: { path: { task_id: id }, header: { "Idempotency-Key": key } },
          body: { other },
        }),
      ),
  });
  return (
    <ActDialog title="Should stand above" target={target}>
      {!task && (
        <div className={classes.body}>
          <p>Choose one task alone: a wish is about two.</p>
        </div>
      )}
      {task && !rank.data && (
        <OtherTask
          target={target}
          label="The task that should stand below"
          onChoose={(other) => rank.mutate({ id: task.id, other: other.id })}
        />
      )}
      {rank.error && <ProblemPanel error={rank.error} onRetry={() => rank.given && rank.mutate(rank.given)} />}
      {rank.data && (
        <>
          <div className={classes.body} role="status">
            <p>{rank.data.sentence}</p>
          </div>
          <div className={classes.buttons}>
            {/* eslint-disable-next-line jsx-a11y/no-autofocus -- It takes the place of the field that had the focus. */}
            <Button autoFocus size="sm" onClick={close}>
              Close
            </Button>
          </div>
        </>
      )}
    </ActDialog>
  );
}
