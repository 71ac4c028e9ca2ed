import { cachedTask, putTask } from "../acting/cache";
import { queryClient } from "../api/query-client";
import { aboutTask, taskQuery, type Task } from "../api/tasks";
import { liveStream, type LiveEvent, type LiveState } from "./stream";

const stale = (...keys: string[]) =>
  void Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));

/** A task that somebody sees is asked for again and put where it stands: the list doesn't move under the cursor. */
async function renewTask(id: number, version: number | undefined) {
  void queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
  const known = cachedTask(id);
  if (!known || (version !== undefined && known.version >= version)) return;
  const task: Task | null = await queryClient.query({ ...taskQuery(id), staleTime: 0 }).catch(() => null);
  if (task) putTask(task);
  void queryClient.invalidateQueries({ queryKey: aboutTask(id) });
}

function take({ type, data }: LiveEvent) {
  if (type === "task.changed" && typeof data.task === "number") {
    void renewTask(data.task, typeof data.version === "number" ? data.version : undefined);
  } else if (type === "queue.changed") void queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
  else if (type === "integration.changed") stale("integrations", "status");
  else if (type === "sync.progress") stale("runs");
  else if (type === "level.changed") stale("status", "integrations");
  else if (type === "reset") stale("tasks", "integrations", "runs", "status");
}

/** Whatever was missed while nothing was heard, and could not be resumed, is asked for again. */
function recover(before: LiveState, now: LiveState) {
  if (now === "live" && before !== "connecting" && before !== "live") stale("integrations", "runs", "status");
}

/** Lets the stream's events renew what the page holds. Returns how to stop. */
export function keepFresh() {
  let before = liveStream.current();
  const stops = [
    liveStream.onEvent(take),
    liveStream.onState(() => {
      recover(before, liveStream.current());
      before = liveStream.current();
    }),
  ];
  liveStream.start();
  return () => stops.forEach((stop) => stop());
}
