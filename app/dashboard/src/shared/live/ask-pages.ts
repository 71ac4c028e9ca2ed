import type { QueryFunction } from "@tanstack/react-query";
import { lists, PAGES_ASKED_AGAIN, putRows, type List, type Listed } from "../acting/cache";
import { queryClient } from "../api/query-client";
import type { Task, TaskPage } from "../api/tasks";

type Page = { list: List; number: number };

/** The pages of lists that somebody looks at, as far as they are asked again at all. */
function pagesShown(holding: (page: TaskPage, number: number) => boolean): Page[] {
  return lists()
    .filter((list) => list.isActive())
    .flatMap((list) =>
      ((list.state.data as Listed | undefined)?.pages ?? [])
        .map((page, number) => ({ list, number, page }))
        .filter(({ page, number }) => number < PAGES_ASKED_AGAIN && holding(page, number)),
    );
}

/** Asks for a page alone, and puts its tasks where they stand: the list itself keeps its order. */
async function askPage({ list, number }: Page): Promise<readonly Task[]> {
  const { queryFn } = list.options;
  const data = list.state.data as Listed | undefined;
  if (typeof queryFn !== "function" || !data || number >= data.pageParams.length) return [];
  const found = await queryClient
    .infiniteQuery({
      queryKey: ["tasks", "page", list.queryHash, number],
      queryFn: queryFn as QueryFunction<TaskPage, readonly unknown[], unknown>,
      initialPageParam: data.pageParams[number],
      getNextPageParam: () => undefined,
      staleTime: 0,
      gcTime: 0,
    })
    .catch(() => null); // the next event asks again; that nothing answers is said elsewhere
  const tasks = found?.pages.flatMap(({ items }) => items) ?? [];
  putRows(tasks);
  return tasks;
}

/** Asks for the pages that hold these tasks. Returns what they hold now. */
export async function askPagesOf(ids: ReadonlySet<number>): Promise<Task[]> {
  const pages = pagesShown(({ items }) => items.some(({ id }) => ids.has(id)));
  const found: Task[] = [];
  for (const page of pages) found.push(...(await askPage(page)));
  return found;
}

/** As far as whoever shows a list compares it with the server's (`useMoved`), its rows are renewed by that. */
const COMPARED = 2;

/** Asks for all pages further down, one after the other. */
export async function askPagesBelow() {
  for (const page of pagesShown((_, number) => number >= COMPARED)) await askPage(page);
}
