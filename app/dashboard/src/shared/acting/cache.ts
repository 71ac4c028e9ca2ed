import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "../api/query-client";
import { TASK_LISTS, taskQuery, type Task, type TaskPage, type TaskParameters } from "../api/tasks";
import { belongs } from "./belongs";
import { knownIds, latest, take, takeGone } from "./known";
import { changedPages, type Changes, type Places } from "./places";

type Listed = InfiniteData<TaskPage, string>;

const parametersOf = (key: readonly unknown[]) => (key[TASK_LISTS.length] ?? {}) as TaskParameters;
const lists = () => queryClient.getQueryCache().findAll({ queryKey: TASK_LISTS });
const places = new Map<string, Places>();

/** The task as the page knows it, wherever it stands. */
export function cachedTask(id: number): Task | undefined {
  const alone = queryClient.getQueryData(taskQuery(id).queryKey);
  if (alone) return alone;
  for (const list of lists())
    for (const page of (list.state.data as Listed | undefined)?.pages ?? []) {
      const found = page.items.find((task) => task.id === id);
      if (found) return found;
    }
  return undefined;
}

type List = ReturnType<typeof lists>[number];

function changeList(list: List, changes: Changes) {
  const data = list.state.data as Listed | undefined;
  if (!data) return;
  const left = places.get(list.queryHash) ?? new Map<number, never>();
  places.set(list.queryHash, left);
  const wanted = parametersOf(list.queryKey);
  const pages = changedPages(data.pages, changes, (task) => belongs(task, wanted), left);
  if (pages.some((page, index) => page !== data.pages[index]))
    queryClient.setQueryData<Listed>(list.queryKey, { ...data, pages });
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

/** The task is no more: deleted, or merged into another. */
export function dropTask(id: number) {
  takeGone(id, cachedTask(id)?.version ?? 0);
  show(new Map([[id, null]]));
  void queryClient.resetQueries({ queryKey: taskQuery(id).queryKey });
}

/** Of a list that was loaded further down, the rest follows as somebody scrolls there again. */
const PAGES_ASKED_AGAIN = 12;

/** The order has changed on the server in a way the page can't work out: every list asks again. */
export function refetchLists() {
  for (const { queryKey, state } of lists()) {
    const { pages, pageParams } = (state.data as Listed | undefined) ?? { pages: [], pageParams: [] };
    if (pages.length > PAGES_ASKED_AGAIN)
      queryClient.setQueryData<Listed>(queryKey, {
        pages: pages.slice(0, PAGES_ASKED_AGAIN),
        pageParams: pageParams.slice(0, PAGES_ASKED_AGAIN),
      });
  }
  return queryClient.invalidateQueries({ queryKey: TASK_LISTS });
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

queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== "updated" || event.action.type !== "success" || event.action.manual) return;
  const key = event.query.queryKey as readonly unknown[];
  if (TASK_LISTS.every((part, index) => key[index] === part)) keepWhatIsKnown(event.query as List);
});
