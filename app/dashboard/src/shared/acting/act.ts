import { newKey } from "../api/client";
import { asApiError, type ApiError } from "../api/errors";
import { queryClient } from "../api/query-client";
import { aboutTask, taskQuery, type Task } from "../api/tasks";
import { seen } from "../ui/outside";
import { Store } from "../ui/store";
import { foreseen, perform, SAID, type Action } from "./actions";
import { dropTask, putTask, snapshot } from "./cache";
import { offerUndo } from "./undo";

/** Somebody else changed the task since it was shown: what it was, what it is, and what was to be done. */
export type Conflict = { before: Task; now: Task; action: Action };
/** An act that was refused, or that got no answer, and how to try it again. */
export type Failure = { title: string; error: ApiError; retry: () => void };

export const conflict = new Store<Conflict | null>(null);
export const failure = new Store<Failure | null>(null);

const WAIT_MS = [400, 1500];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The same key each time: a repeat after a lost answer does it once. */
async function stubbornly(task: Task, action: Action, version: number | null) {
  const key = newKey();
  for (const wait of WAIT_MS) {
    try {
      return await perform(task.id, action, key, version);
    } catch (error) {
      const { status, retryAfter } = asApiError(error);
      if (status !== 0 && (status < 500 || retryAfter > 0)) throw error;
      await pause(wait);
    }
  }
  return perform(task.id, action, key, version);
}

/**
 * Do something with a task: shown at once, then told to the server, and taken back on the page where that refuses.
 *
 * Returns the task as the server answered with it; null where it refused, which is shown (`conflict`, `failure`).
 * With `force` it is done whatever anybody changed since.
 */
export async function act(task: Task, action: Action, { force = false } = {}): Promise<Task | null> {
  const putBack = snapshot([task.id]);
  const shown = foreseen(task, action);
  if (shown) putTask(shown);
  else dropTask(task.id);
  try {
    const acted = await stubbornly(task, action, force ? null : task.version);
    putTask(acted.task);
    offerUndo(`${SAID[action.verb]}: ${seen(task.title)}`, acted.undo);
    void queryClient.invalidateQueries({ queryKey: aboutTask(acted.task.id) });
    void queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
    return acted.task;
  } catch (error) {
    putBack();
    await explain(task, action, asApiError(error));
    return null;
  }
}

async function explain(task: Task, action: Action, error: ApiError) {
  const now =
    error.status === 412 ? await queryClient.query({ ...taskQuery(task.id), staleTime: 0 }).catch(() => null) : null;
  if (now) {
    putTask(now);
    conflict.set({ before: task, now, action });
  } else failure.set({ title: seen(task.title), error, retry: () => void act(task, action) });
}
