import { newKey } from "../api/client";
import { asApiError, type ApiError } from "../api/errors";
import { queryClient } from "../api/query-client";
import { aboutTask, taskQuery, type Task } from "../api/tasks";
import { seen } from "../ui/outside";
import { perform, said, type Acted, type Action } from "./actions";
import { dropTask, putTask, show } from "./cache";
import { asKnown, expect, settle } from "./known";
import { fail, raiseConflict } from "./refusals";
import { stubbornly } from "./stubborn";
import { inTurn, noteStep, versionSeen } from "./turns";
import { offerUndo } from "./undo";

/** With `force` it is done whatever anybody changed since. `key` repeats an act whose answer never came. */
type How = { force?: boolean; key?: string };

/**
 * Do something with a task: shown at once, then told to the server, and taken back on the page where that refuses.
 *
 * Acts on one task are sent one after the other, each with the version that the one before was answered with. Returns
 * the task as the server answered with it (as it was, where it is gone by that); null where it was refused, which is
 * shown (`conflicts`, `failures`).
 */
export function act(task: Task, action: Action, { force = false, key = newKey() }: How = {}): Promise<Task | null> {
  expect(task, action);
  display(task.id);
  const ids = action.verb === "merge" ? [task.id, action.into] : [task.id];
  return inTurn(ids, async () => {
    const version = versionSeen(task.id, task.version);
    try {
      const acted = await stubbornly(() => perform(task.id, action, key, force ? null : version));
      if (acted.task?.id === task.id && !force) noteStep(task.id, version, acted.task.version);
      return settled(task, action, acted);
    } catch (error) {
      settle(task.id, action);
      display(task.id);
      await explain(task, action, asApiError(error), key);
      return null;
    }
  });
}

/** Shows a task with what is being done to it. */
function display(id: number) {
  const known = asKnown(id);
  if (known !== undefined) show(new Map([[id, known]]));
}

function settled(task: Task, action: Action, acted: Acted): Task {
  settle(task.id, action);
  if (acted.task) putTask(acted.task);
  if (acted.task?.id !== task.id) dropTask(task.id);
  offerUndo(`${said(action)}: ${seen(task.title)}`, acted.undo, [task]);
  for (const id of [task.id, acted.task?.id])
    if (id !== undefined) void queryClient.invalidateQueries({ queryKey: aboutTask(id) });
  void queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
  return acted.task ?? task;
}

/** What the server knows of the task is shown, beside why it refused. */
async function explain(task: Task, action: Action, error: ApiError, key: string) {
  const outdated = [404, 409, 412].includes(error.status);
  const now = outdated ? await queryClient.query({ ...taskQuery(task.id), staleTime: 0 }).catch(asApiError) : null;
  if (now && "version" in now) {
    putTask(now);
    if (error.status === 412) {
      raiseConflict({ before: task, now, action });
      return;
    }
  } else if (now?.status === 404) dropTask(task.id);
  const unanswered = error.status === 0 || error.status >= 500;
  const retry = () => void act(task, action, unanswered ? { key } : {});
  fail({ title: seen(task.title), error, retry: error.status === 404 ? null : retry });
}
