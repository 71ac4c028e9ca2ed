import { newKey, type Schema } from "../api/client";
import { asApiError } from "../api/errors";
import { queryClient } from "../api/query-client";
import { aboutTask, type Task } from "../api/tasks";
import { several } from "../ui/numbers";
import { perform, type Action } from "./actions";
import { dropTask, putTask, show } from "./cache";
import { asKnown, expect, settle } from "./known";
import { whileWorking } from "./progress";
import { fail } from "./refusals";
import { stubbornly } from "./stubborn";
import { inTurn, versionSeen } from "./turns";
import { offerUndo } from "./undo";

/** Merges tasks into one, one after the other. What was done until one is refused stays, and can be undone as one. */
export function mergeMany(tasks: readonly Task[], into: Task): Promise<void> {
  const action: Action = { verb: "merge", into: into.id };
  for (const task of tasks) expect(task, action);
  show(new Map(tasks.map(({ id }) => [id, null])));
  const ids = [...tasks.map(({ id }) => id), into.id];
  return inTurn(ids, () =>
    whileWorking(`Merging ${several(tasks.length, "task")}…`, async (advance) => {
      const undos: Schema<"UndoOut">[] = [];
      const done: Task[] = [];
      try {
        for (const task of tasks) {
          const key = newKey();
          const acted = await stubbornly(() => perform(task.id, action, key, versionSeen(task.id, task.version)));
          undos.push(acted.undo);
          done.push(task);
          if (acted.task) putTask(acted.task);
          advance(done.length, tasks.length);
        }
      } catch (error) {
        const rest = tasks.slice(done.length);
        const retry = () => void mergeMany(rest, into);
        fail({ title: `Not merged: ${several(rest.length, "task")}`, error: asApiError(error), retry });
      }
      for (const task of tasks) settle(task.id, action);
      for (const { id } of done) dropTask(id);
      const rest = tasks.slice(done.length).map(({ id }) => [id, asKnown(id) ?? null] as const);
      show(new Map(rest));
      if (done.length > 0) offerUndo(`Merged ${several(done.length, "task")}`, undos, done);
      void queryClient.invalidateQueries({ queryKey: aboutTask(into.id) });
      void queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
    }),
  );
}
