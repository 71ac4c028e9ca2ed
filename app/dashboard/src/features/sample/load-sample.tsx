import { Button, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "@/shared/api/errors";
import { useOnce } from "@/shared/api/use-once";
import { isOver, runQuery } from "@/shared/runs/queries";
import { count } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { say } from "@/shared/ui/say";
import { loadSample, renewAll } from "./queries";

const notWhole = (why: string | undefined) =>
  new ApiError({ title: "The sample could not be loaded whole", detail: why ?? "It was stopped before its end." });

/** The runs that load it, taken together. */
function Loading({ runs, onLoaded }: { runs: readonly number[]; onLoaded: () => void }) {
  const asked = useQueries({ queries: runs.map((id) => runQuery(id)) });
  const known = asked.flatMap(({ data }) => (data ? [data] : []));
  const over = known.length === runs.length && known.every(isOver);
  useEffect(() => {
    if (!over) return;
    say("The sample data is here.");
    void renewAll().then(onLoaded);
  }, [over, onLoaded]);
  const failed = known.find((run) => isOver(run) && run.state !== "succeeded");
  const broken = asked.find(({ error }) => error)?.error ?? (failed ? notWhole(failed.error?.detail) : null);
  if (broken)
    return <ProblemPanel error={broken} onRetry={() => void Promise.all(asked.map((each) => each.refetch()))} />;
  const read = known.reduce((sum, run) => sum + run.read, 0);
  return (
    <div>
      <ProgressBar label="Progress of the sample data" part={known.filter(isOver).length / runs.length || null} />
      <Text size="xs" c="dimmed">
        {count(read)} items read
      </Text>
    </div>
  );
}

/** Brings the sample company in, and shows how far that is. */
export function LoadSample({
  label,
  variant = "default",
  onLoaded,
}: {
  label: string;
  variant?: "default" | "filled";
  onLoaded: () => void;
}) {
  const load = useOnce({ mutationFn: (_, key) => loadSample(key) });
  if (load.data) return <Loading runs={load.data.runs.map((run) => run.id)} onLoaded={onLoaded} />;
  return (
    <>
      <Button variant={variant} loading={load.isPending} onClick={() => load.mutate()}>
        {label}
      </Button>
      {load.error && <ProblemPanel error={load.error} onRetry={() => load.mutate()} />}
    </>
  );
}
