import { api, bodyOf, newKey, type Schema } from "../api/client";
import { asApiError } from "../api/errors";
import { queryClient } from "../api/query-client";
import type { Task } from "../api/tasks";
import { several } from "../ui/numbers";
import { say } from "../ui/say";
import { act } from "./act";
import type { Action } from "./actions";
import { sizeOf, type Target } from "./asked";
import { cachedTask, dropTask, refetchLists, show } from "./cache";
import { asKnown, expect, settle } from "./known";
import { whileWorking } from "./progress";
import { fail } from "./refusals";
import { stubbornly } from "./stubborn";
import { inTurn, noteStep, versionSeen } from "./turns";
import { offerUndo } from "./undo";

export type BulkAction = Schema<"BulkIn">["action"];
export type BulkAnswer = Schema<"BulkOut">;

const SAID: Record<BulkAction["verb"], string> = {
  complete: "Completed",
  reopen: "Reopened",
  snooze: "Snoozed",
  decline: "Declined",
  assign: "Assigned",
  due: "Set the due date of",
  label: "Labelled",
  delete: "Deleted",
};
const DOING: Record<BulkAction["verb"], string> = {
  complete: "Completing",
  reopen: "Reopening",
  snooze: "Snoozing",
  decline: "Declining",
  assign: "Assigning",
  due: "Setting the due date of",
  label: "Labelling",
  delete: "Deleting",
};

const whichOf = (target: Target) =>
  "tasks" in target ? { ids: target.tasks.map(({ id }) => id) } : { filter: target.filter };

/** What an action would do to a target, without doing it. */
export const tryOut = (target: Target, action: BulkAction): Promise<BulkAnswer> =>
  bodyOf(api.POST("/api/v1/tasks/bulk", { body: { ...whichOf(target), action, dry_run: true } }));

/** The same for one of the tasks, as `act` knows it. */
function forOne(task: Task, action: BulkAction): Action {
  if (action.verb === "due") return { verb: "edit", changes: { due_at: action.due_at } };
  if (action.verb === "label") return { verb: "edit", changes: { labels: relabelled(task.labels, action) } };
  return action;
}

export function relabelled(
  labels: readonly string[],
  { add = [], remove = [] }: { add?: string[]; remove?: string[] },
) {
  return [...new Set([...labels, ...add])].filter((label) => !remove.includes(label)).sort();
}

/**
 * Do one thing with many tasks: those that are shown change at once, the others with the lists. Undone as one.
 *
 * Returns whether it was done; where not, that is shown (`failures`). `key` repeats what was never answered.
 */
export function actOnMany(target: Target, action: BulkAction, key = newKey()): Promise<boolean> {
  const tasks = "tasks" in target ? target.tasks : [];
  const pairs = tasks.map((task) => [task, forOne(task, action)] as const);
  for (const [task, each] of pairs) expect(task, each);
  display(tasks);
  const how = several(sizeOf(target), "task");
  const send = () => {
    const header = { "Idempotency-Key": key };
    return bodyOf(
      api.POST("/api/v1/tasks/bulk", { params: { header }, body: { ...whichOf(target), action, dry_run: false } }),
    );
  };
  return inTurn(
    tasks.map(({ id }) => id),
    async () => {
      try {
        const answer = await whileWorking(`${DOING[action.verb]} ${how}…`, () => stubbornly(send));
        for (const [task, each] of pairs) settle(task.id, each);
        await settled(answer, action, tasks);
        return true;
      } catch (error) {
        for (const [task, each] of pairs) settle(task.id, each);
        display(tasks);
        const problem = asApiError(error);
        const again = problem.status === 0 || problem.status >= 500 ? key : newKey();
        fail({ title: `Not done: ${how}`, error: problem, retry: () => void actOnMany(target, action, again) });
        return false;
      }
    },
  );
}

/** The same with one task or with many: one alone is guarded by its version. */
export function carryOut(target: Target, action: BulkAction): Promise<unknown> {
  const [only, ...more] = "tasks" in target ? target.tasks : [];
  return only && more.length === 0 ? act(only, forOne(only, action)) : actOnMany(target, action);
}

function display(tasks: readonly Task[]) {
  show(new Map(tasks.map(({ id }) => [id, asKnown(id) ?? null])));
}

async function settled(answer: BulkAnswer, action: BulkAction, tasks: readonly Task[]) {
  const skipped = new Set(answer.skipped_why.map(({ id }) => id));
  const changed = tasks.filter(({ id }) => !skipped.has(id));
  if (action.verb === "delete") for (const { id } of changed) dropTask(id);
  const besides = answer.skipped > 0 ? `, skipped ${several(answer.skipped, "other")}` : "";
  const sentence = `${SAID[action.verb]} ${several(answer.changed, "task")}${besides}`;
  if (answer.undo) offerUndo(sentence, answer.undo, changed);
  else say(`${sentence}.`);
  // The answer holds no tasks, so they are asked for; until then nothing else is done with them.
  const versions = new Map(changed.map(({ id, version }) => [id, versionSeen(id, version)]));
  await Promise.all([
    refetchLists(),
    queryClient.invalidateQueries({ queryKey: ["tasks", "one"] }),
    queryClient.invalidateQueries({ queryKey: ["tasks", "about"] }),
    queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] }),
  ]);
  for (const [id, before] of versions) if (cachedTask(id)?.version === before + 1) noteStep(id, before, before + 1);
}
