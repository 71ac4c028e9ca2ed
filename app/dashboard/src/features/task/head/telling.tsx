import { Button, Group } from "@mantine/core";
import { IconCloudUpload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { api, bodyOf } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { useMay } from "@/shared/api/session";
import { aboutTask, taskQuery, type Task } from "@/shared/api/tasks";
import { useOnce } from "@/shared/api/use-once";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ofWrite } from "../history/sentences";
import { writesQuery, type Write } from "../queries";
import classes from "./telling.module.css";

const WAITING = new Set<Write["state"]>(["pending", "sending", "refused", "conflict"]);

type Answer = "again" | "over" | "leave";

/** What its source is still to be told, or could not be, and what a person can do about it. */
export function Telling({ task }: { task: Task }) {
  const { data, error, refetch } = useInfiniteQuery({
    ...writesQuery(task.id),
    enabled: task.write_back !== null && task.write_back !== undefined,
  });
  if (task.write_back && error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  const waiting = data?.pages.flatMap((page) => page.items).filter((write) => WAITING.has(write.state)) ?? [];
  return waiting.map((write) => <Waits key={write.id} write={write} />);
}

function answer(write: Write, given: Answer, key: string) {
  const params = { path: { write_id: write.id }, header: { "Idempotency-Key": key } };
  return bodyOf(
    given === "leave"
      ? api.POST("/api/v1/writes/{write_id}/cancel", { params })
      : api.POST("/api/v1/writes/{write_id}/retry", { params, body: { overwrite: given === "over" } }),
  );
}

function Waits({ write }: { write: Write }) {
  const may = useMay()("tasks:write");
  const answering = useOnce({
    mutationFn: (given: Answer, key) => answer(write, given, key),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: aboutTask(write.task) });
      void queryClient.invalidateQueries({ queryKey: taskQuery(write.task).queryKey });
    },
  });
  const stuck = write.state === "refused" || write.state === "conflict";
  const { who, did } = ofWrite(write);
  const button = (label: string, given: Answer) => (
    <Button
      size="xs"
      variant="default"
      loading={answering.isPending && answering.given === given}
      onClick={() => answering.mutate(given)}
    >
      {label}
    </Button>
  );
  return (
    <section className={classes.waits} data-stuck={stuck || undefined} aria-label="Its source">
      <p className={classes.title}>
        <IconCloudUpload aria-hidden size={16} stroke={1.7} />
        {stuck ? "Its source could not be told" : "Its source is being told"}
      </p>
      <p className={classes.sentence} dir="auto">
        {seen(who + did)}
      </p>
      {may && write.state !== "sending" && (
        <Group gap="xs">
          {stuck && button("Try again", "again")}
          {write.state === "conflict" && button("Write over it", "over")}
          {button("Leave it out", "leave")}
        </Group>
      )}
      {answering.error && <ProblemPanel error={answering.error} />}
    </section>
  );
}
