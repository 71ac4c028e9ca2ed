import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "../api/query-client";
import { TASK_LISTS, taskQuery, type Task, type TaskPage, type TaskParameters } from "../api/tasks";
import { belongs } from "./belongs";

type Listed = InfiniteData<TaskPage, string>;

const parametersOf = (key: readonly unknown[]) => (key[TASK_LISTS.length] ?? {}) as TaskParameters;
const lists = () => queryClient.getQueryCache().findAll({ queryKey: TASK_LISTS });

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

function changeLists(change: (page: TaskPage, list: TaskParameters) => TaskPage) {
  for (const list of lists()) {
    const data = list.state.data as Listed | undefined;
    if (!data) continue;
    const pages = data.pages.map((page) => change(page, parametersOf(list.queryKey)));
    if (pages.some((page, index) => page !== data.pages[index]))
      queryClient.setQueryData<Listed>(list.queryKey, { ...data, pages });
  }
}

/** Show the task as it is now, where it stands; lists that it no longer belongs to lose it. Nothing else moves. */
export function putTask(task: Task) {
  queryClient.setQueryData(taskQuery(task.id).queryKey, task);
  changeLists((page, list) => {
    const place = page.items.findIndex((each) => each.id === task.id);
    if (place < 0) return page;
    return { ...page, items: belongs(task, list) ? page.items.with(place, task) : page.items.toSpliced(place, 1) };
  });
}

export function dropTask(id: number) {
  queryClient.removeQueries({ queryKey: taskQuery(id).queryKey });
  changeLists((page) =>
    page.items.some((each) => each.id === id) ? { ...page, items: page.items.filter((each) => each.id !== id) } : page,
  );
}

/** What all lists hold now, and how to put that back: for an act that was shown before the server refused it. */
export function snapshot(ids: readonly number[]): () => void {
  const held = lists().map((list) => [list.queryKey, list.state.data] as const);
  const alone = ids.map((id) => [taskQuery(id).queryKey, queryClient.getQueryData(taskQuery(id).queryKey)] as const);
  return () => {
    for (const [key, data] of held) if (data !== undefined) queryClient.setQueryData(key, data);
    for (const [key, data] of alone) if (data !== undefined) queryClient.setQueryData(key, data);
  };
}

/** The order has changed on the server in a way the page can't work out: every list asks again. */
export const refetchLists = () => queryClient.invalidateQueries({ queryKey: TASK_LISTS });
