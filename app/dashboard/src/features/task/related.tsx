import { Button, Group } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { act } from "@/shared/acting/act";
import { api, newKey, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { useMay } from "@/shared/api/session";
import { aboutTask, type Task } from "@/shared/api/tasks";
import { Moment } from "@/shared/time/moment";
import { BandMark, groupOf } from "@/shared/ui/band";
import { placeName, seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { STATUS_WORDS } from "@/shared/ui/task-words";
import { useFrame } from "./frame";
import { relatedQuery } from "./queries";
import classes from "./related.module.css";
import { Section, Waiting } from "./section";

type Entry = Schema<"RelatedOut">;

/** What else has to do with a task, why, and what a person can say to it. */
export function Related({ task }: { task: Task }) {
  const { data, error, refetch } = useQuery(relatedQuery(task.id));
  if (data?.items.length === 0) return null;
  return (
    <Section title="Related" name="related">
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting lines={2} label="Asking what is related" />}
      <ul className={classes.entries}>
        {data?.items.map((entry) => (
          <RelatedTask key={entry.task.id} task={task} entry={entry} />
        ))}
      </ul>
      {data?.has_more && (
        <p className={classes.soft}>The fifty strongest are shown; more follow as you dismiss some.</p>
      )}
    </Section>
  );
}

/** Dismissed pairs stay in view until the section is asked for anew, so that they can be taken back. */
function RelatedTask({ task, entry }: { task: Task; entry: Entry }) {
  const may = useMay();
  const { onOpen } = useFrame();
  const other = entry.task;
  const path = { task_id: task.id, other_id: other.id };
  const dismissal = useMutation({
    mutationFn: ({ on, key }: { on: boolean; key: string }) =>
      on
        ? api.POST("/api/v1/tasks/{task_id}/related/{other_id}/dismiss", {
            params: { path, header: { "Idempotency-Key": key } },
          })
        : api.DELETE("/api/v1/tasks/{task_id}/related/{other_id}/dismiss", { params: { path } }),
    onSuccess: (_, { on }) => {
      say(on ? `${seen(other.title)} is no longer shown as related.` : `${seen(other.title)} is related again.`);
      void queryClient.invalidateQueries({ queryKey: [...aboutTask(other.id), "related"] });
    },
  });
  const dismissed = dismissal.isSuccess && dismissal.variables.on;
  const title = seen(other.title);
  const dismiss = (on: boolean) => dismissal.mutate({ on, key: newKey() });
  return (
    <li data-dismissed={dismissed || undefined}>
      <button type="button" className={classes.title} onClick={() => onOpen(other.id)} dir="auto">
        {title}
      </button>
      <p className={classes.soft}>
        {other.status === "open" ? <BandMark group={groupOf(other)} /> : STATUS_WORDS[other.status]}
        {other.sender && <span dir="auto">{seen(other.sender)}</span>}
        <span dir="auto">{placeName(other.source.integration)}</span>
        <Moment at={other.opened_at} phrase="began" />
      </p>
      <p className={classes.because} dir="auto">
        {entry.duplicate && <strong>May be the same. </strong>}
        {seen(entry.because)}
      </p>
      {may("tasks:write") && (
        <Group gap="xs">
          {dismissed ? (
            <Button size="compact-sm" variant="default" onClick={() => dismiss(false)} loading={dismissal.isPending}>
              Related after all
            </Button>
          ) : (
            <>
              {entry.may_merge && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Merge into this: ${title}`}
                  onClick={() => void act(other, { verb: "merge", into: task.id })}
                >
                  Merge into this
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                aria-label={`Not related: ${title}`}
                onClick={() => dismiss(true)}
                loading={dismissal.isPending}
              >
                Not related
              </Button>
            </>
          )}
        </Group>
      )}
      {dismissal.error && <ProblemPanel error={dismissal.error} onRetry={() => dismiss(dismissal.variables.on)} />}
    </li>
  );
}
