import { replaceEqualDeep, type InfiniteData } from "@tanstack/react-query";
import { queryClient } from "../api/query-client";
import { TASK_LISTS, taskQuery, type Task, type TaskPage, type TaskParameters } from "../api/tasks";
import { belongs } from "./belongs";
import { knownIds, latest, take, takeAnswer, takeGone } from "./known";
import { changedPages, type Changes, type Places } from "./places";

/** What a page begins with differs from list to list. */
export type Listed = InfiniteData<TaskPage>;

const parametersOf = (key: readonly unknown[]) => (key[TASK_LISTS.length] ?? {}) as TaskParameters;
export const lists = () => queryClient.getQueryCache().findAll({ queryKey: TASK_LISTS });
const places = new Map<string, Places>();

const alone = (id: number) => queryClient.getQueryData(taskQuery(id).queryKey);

/** These tasks as lists show them, the latest of each. */
function rowsOf(ids: ReadonlySet<number>): Map<number, Task> {
  const found = new Map<number, Task>();
  for (const list of lists())
    for (const page of (list.state.data as Listed | undefined)?.pages ?? [])
      for (const task of page.items)
        if (ids.has(task.id) && (found.get(task.id)?.version ?? -1) < task.version) found.set(task.id, task);
  return found;
}

const later = (one: Task | undefined, other: Task | undefined) =>
  one && (!other || other.version <= one.version) ? one : other;

/** These tasks as the page knows them, wherever they stand. */
export function cachedTasks(ids: ReadonlySet<number>): Map<number, Task> {
  const found = rowsOf(ids);
  for (const id of ids) {
    const known = later(alone(id), found.get(id));
    if (known) found.set(id, known);
  }
  return found;
}

/** The task as the page knows it, wherever it stands. */
export const cachedTask = (id: number): Task | undefined => cachedTasks(new Set([id])).get(id);

export type List = ReturnType<typeof lists>[number];

function changeList(list: List, changes: Changes) {
  const data = list.state.data as Listed | undefined;
  if (!data) return;
  const left = places.get(list.queryHash) ?? new Map<number, never>();
  places.set(list.queryHash, left);
  const wanted = parametersOf(list.queryKey);
  const pages = changedPages(data.pages, changes, (task) => belongs(task, wanted), left);
  if (pages.some((page, index) => page !== data.pages[index]))
    // Its order is as old as before: what came into being since then is new in it.
    queryClient.setQueryData<Listed>(list.queryKey, { ...data, pages }, { updatedAt: list.state.dataUpdatedAt });
}

/** Shows tasks as they are, wherever they stand: lists that one no longer belongs to lose it. Nothing else moves. */
export function show(changes: Changes) {
  if (changes.size === 0) return;
  for (const [id, task] of changes) if (task) queryClient.setQueryData(taskQuery(id).queryKey, task);
  for (const list of lists()) changeList(list, changes);
}

/** Show the task as the server says it is now, and what was done to it from here since. */
export function putTask(task: Task) {
  show(new Map([[task.id, take(task)]]));
}

const differs = (shown: Task | undefined, now: Task) => shown !== undefined && replaceEqualDeep(shown, now) !== shown;

/** What a list's request brought, wherever these tasks are shown, unless later word of them came. Nothing else moves. */
export function putRows(tasks: readonly Task[]) {
  const ids = new Set(tasks.map(({ id }) => id));
  const rows = rowsOf(ids);
  const changes = new Map<number, Task>();
  for (const task of tasks) {
    const [row, one] = [rows.get(task.id), alone(task.id)];
    if ((later(row, one)?.version ?? Infinity) > task.version) continue;
    const now = differs(row, task) || differs(one, task) ? takeAnswer(task) : null;
    if (!now) continue;
    changes.set(task.id, now);
    if (one) queryClient.setQueryData(taskQuery(task.id).queryKey, now);
  }
  if (changes.size > 0) for (const list of lists()) changeList(list, changes);
}

/** Shows a list as it was asked for some time ago, with its tasks as they are now. */
export function showList<Page extends TaskPage, Place>(queryKey: readonly unknown[], data: InfiniteData<Page, Place>) {
  const tasks = data.pages.flatMap(({ items }) => items);
  const before = cachedTasks(new Set(tasks.map(({ id }) => id)));
  queryClient.setQueryData(queryKey, data);
  const changes = new Map<number, Task | null>();
  for (const task of tasks) {
    const known = latest(task);
    const now = known && later(before.get(task.id), known);
    if (now !== task) changes.set(task.id, now ?? null);
  }
  const list = queryClient.getQueryCache().find({ queryKey });
  if (list && changes.size > 0) changeList(list, changes);
}

/** The task is no more: deleted, or merged into another. */
export function dropTask(id: number) {
  takeGone(id, cachedTask(id)?.version ?? 0);
  show(new Map([[id, null]]));
  void queryClient.resetQueries({ queryKey: taskQuery(id).queryKey });
}

/** Of a list that was loaded further down, the rest follows as somebody scrolls there again. */
export const PAGES_ASKED_AGAIN = 12;

function cutLists() {
  for (const { queryKey, state } of lists()) {
    const { pages, pageParams } = (state.data as Listed | undefined) ?? { pages: [], pageParams: [] };
    if (pages.length > PAGES_ASKED_AGAIN)
      queryClient.setQueryData<Listed>(queryKey, {
        pages: pages.slice(0, PAGES_ASKED_AGAIN),
        pageParams: pageParams.slice(0, PAGES_ASKED_AGAIN),
      });
  }
}

/** The order has changed on the server in a way the page can't work out: every list asks again. */
export function refetchLists() {
  cutLists();
  return queryClient.invalidateQueries({ queryKey: TASK_LISTS });
}

/** Any task may be another one now: everything asks again that shows tasks. */
export function tasksChanged() {
  cutLists();
  return queryClient.invalidateQueries({ queryKey: ["tasks"] });
}

/** A list that was asked for before an act was answered would show what was before. */
function keepWhatIsKnown(list: List) {
  const known = knownIds();
  if (known.size === 0) return;
  const changes = new Map<number, Task | null>();
  for (const page of (list.state.data as Listed | undefined)?.pages ?? [])
    for (const task of page.items) {
      if (!known.has(task.id)) continue;
      const now = latest(task);
      if (now !== task) changes.set(task.id, now);
    }
  if (changes.size > 0) changeList(list, changes);
}

/** The same of a task that was asked for by itself; and what is news in it stands in the lists too. */
function keepWhatIsKnownOfOne(task: Task) {
  const now = takeAnswer(task);
  if (now && (now !== task || differs(rowsOf(new Set([task.id])).get(task.id), now))) show(new Map([[task.id, now]]));
}

const isUnder = (key: readonly unknown[], prefix: readonly unknown[]) =>
  prefix.every((part, index) => key[index] === part);

queryClient.getQueryCache().subscribe((event) => {
  if (event.type === "removed") places.delete(event.query.queryHash);
  if (event.type !== "updated" || event.action.type !== "success" || event.action.manual) return;
  const key = event.query.queryKey as readonly unknown[];
  if (isUnder(key, TASK_LISTS)) keepWhatIsKnown(event.query as List);
  else if (isUnder(key, ["tasks", "one"])) keepWhatIsKnownOfOne(event.query.state.data as Task);
});
