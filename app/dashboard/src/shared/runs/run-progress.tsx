import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { api } from "../api/client";
import { useMay } from "../api/session";
import { useOnce } from "../api/use-once";
import { count } from "../ui/numbers";
import { seen } from "../ui/outside";
import { ProblemPanel } from "../ui/problem-panel";
import { ProgressBar } from "../ui/progress-bar";
import { say } from "../ui/say";
import { isOver, runQuery, type Run } from "./queries";
import classes from "./runs.module.css";
import { brought, STATE_WORDS } from "./words";

function line(run: Run) {
  if (run.state === "queued") return STATE_WORDS.queued;
  const kept = [run.new > 0 && `${count(run.new)} new`, run.updated > 0 && `${count(run.updated)} updated`];
  return [`${count(run.read)} read`, ...kept].filter(Boolean).join(", ");
}

function Stop({ run }: { run: Run }) {
  const client = useQueryClient();
  const stop = useOnce({
    mutationFn: (_, key) => {
      const params = { path: { run_id: run.id }, header: { "Idempotency-Key": key } };
      return api.POST("/api/v1/sync/runs/{run_id}/cancel", { params });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        loading={stop.isPending}
        onClick={() => stop.mutate()}
        aria-label={`Stop ${seen(run.integration)}`}
      >
        Stop
      </Button>
      {stop.error && <ProblemPanel error={stop.error} />}
    </>
  );
}

/** How a run goes, as it goes. `onEnd` is told once it is over. */
export function RunProgress({ id, onEnd }: { id: number; onEnd?: ((run: Run) => void) | undefined }) {
  const may = useMay();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const over = run !== undefined && isOver(run);
  const ended = useEffectEvent(() => {
    if (!run) return;
    say(`${run.integration}: ${run.state === "succeeded" ? brought(run) : STATE_WORDS[run.state]}.`);
    onEnd?.(run);
  });
  useEffect(() => {
    if (over) ended();
  }, [over]);
  if (error && !run) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  return (
    <div className={classes.progress}>
      <ProgressBar label={run ? `Progress of ${run.integration}` : "Progress"} part={run?.progress ?? null} />
      <span className={classes.line}>{run ? line(run) : "Asking how it goes"}</span>
      {run && !over && run.reason !== "import" && may("sync:run") && <Stop run={run} />}
    </div>
  );
}
