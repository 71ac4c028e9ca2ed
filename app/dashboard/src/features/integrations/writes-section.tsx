import { Button, Group, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, bodyOf } from "@/shared/api/client";
import { useMay } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { Moment } from "@/shared/time/moment";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { renewIntegrations, writesQuery, type Write } from "./queries";
import classes from "./view.module.css";

const STATES: Record<Write["state"], string> = {
  pending: "Waits",
  sending: "Being sent",
  done: "Told",
  refused: "Refused",
  conflict: "Changed there meanwhile",
  cancelled: "Left out",
};

const waitsForSomebody = (write: Write) => write.state === "refused" || write.state === "conflict";

function Acts({ write }: { write: Write }) {
  const paramsWith = (key: string) => ({ path: { write_id: write.id }, header: { "Idempotency-Key": key } });
  const again = useOnce({
    mutationFn: (overwrite: boolean, key) =>
      bodyOf(api.POST("/api/v1/writes/{write_id}/retry", { params: paramsWith(key), body: { overwrite } })),
    onSuccess: () => renewIntegrations(),
  });
  const cancel = useOnce({
    mutationFn: (_, key) => bodyOf(api.POST("/api/v1/writes/{write_id}/cancel", { params: paramsWith(key) })),
    onSuccess: () => renewIntegrations(),
  });
  const error = again.error ?? cancel.error;
  return (
    <>
      <Group gap="xs">
        {waitsForSomebody(write) && (
          <Button
            size="compact-sm"
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate(write.state === "conflict")}
          >
            {write.state === "conflict" ? "Write over it" : "Try again"}
          </Button>
        )}
        <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          Leave it out
        </Button>
      </Group>
      {error && <ProblemPanel error={error} />}
    </>
  );
}

function RetryAll({ integration }: { integration: number }) {
  const retry = useOnce({
    mutationFn: (_, key) => {
      const params = { path: { integration_id: integration }, header: { "Idempotency-Key": key } };
      return bodyOf(api.POST("/api/v1/integrations/{integration_id}/writes/retry", { params }));
    },
    onSuccess: () => renewIntegrations(),
  });
  return (
    <Group mb="xs">
      <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
        Try all refused ones again
      </Button>
      {retry.error && <ProblemPanel error={retry.error} />}
    </Group>
  );
}

/** What the source was told of its tasks, and what came of it. */
export function WritesSection({ integration }: { integration: number }) {
  const may = useMay();
  const asked = useInfiniteQuery(writesQuery(integration, []));
  if (asked.isPending) return <Skeleton height={80} />;
  const writes = asked.data?.pages.flatMap((page) => page.items) ?? [];
  const acts = may("tasks:write");
  return (
    <>
      {asked.error && <ProblemPanel error={asked.error} onRetry={() => void asked.refetch()} />}
      {!asked.error && writes.length === 0 && <p className={classes.soft}>It was told nothing yet.</p>}
      {acts && writes.some((write) => write.state === "refused") && <RetryAll integration={integration} />}
      <ul className={classes.entries}>
        {writes.map((write) => (
          <li key={write.id} className={classes.entry}>
            <p>
              <strong>{STATES[write.state]}</strong>: {write.before} → {write.mark},{" "}
              <Link to="/tasks/$taskId" params={{ taskId: write.task }}>
                task {write.task}
              </Link>
            </p>
            {write.why && <p dir="auto">{seen(write.why)}</p>}
            <p className={classes.soft}>
              <Moment at={write.ended_at ?? write.created_at} /> · {write.actor}
            </p>
            {acts && (waitsForSomebody(write) || write.state === "pending") && <Acts write={write} />}
          </li>
        ))}
      </ul>
      {asked.hasNextPage && (
        <Button size="xs" variant="default" onClick={() => void asked.fetchNextPage()}>
          Show earlier ones
        </Button>
      )}
    </>
  );
}
