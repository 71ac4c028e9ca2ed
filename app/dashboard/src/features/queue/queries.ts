import { infiniteQueryOptions, keepPreviousData, queryOptions, type InfiniteData } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { TASK_LISTS, type TaskPage } from "@/shared/api/tasks";
import { parametersOf, type Choice, type Filter } from "./choice";
import { headOf, isOneList, sectionsOf, type Section } from "./sections";

const FIRST_PAGE = 60; // short, so that something can be read at once
const PAGE = 200;
const MOST_VIEWS = 200;
const CONTEXT_PAGE = 10;

/** Where a page begins; the parts are those that the first page found. */
export type Place = { section: number; cursor: string; sections: readonly Section[] | null };
const BEGINNING: Place = { section: 0, cursor: "", sections: null };
/** A page of the list, and of which of its parts. The first says which parts there are. */
export type QueuePage = TaskPage & {
  section: number;
  sections: readonly Section[];
  /** Under what each task stood when it was fetched: it stays there until the order is shown anew. */
  heads: Readonly<Record<number, string>>;
};
export type Loaded = InfiniteData<QueuePage, Place>;

export const countsQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ["tasks", "counts", filter],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/tasks/counts", { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
  });

async function page(choice: Choice, { section, cursor, sections: known }: Place, signal: AbortSignal) {
  const { filter, sort, group } = choice;
  const counts = known || isOneList(group, sort) ? null : await queryClient.query(countsQuery(filter));
  const sections = known ?? sectionsOf(group, sort, filter, counts);
  const query = {
    ...parametersOf(choice),
    ...sections[section]?.filter,
    limit: cursor ? PAGE : FIRST_PAGE,
    ...(cursor ? { cursor } : {}),
  };
  const found = await bodyOf(api.GET("/api/v1/tasks", { params: { query }, signal }));
  const heads = Object.fromEntries(found.items.map((task) => [task.id, headOf(task, group, sort)]));
  return { ...found, section, sections, heads };
}

function following(last: QueuePage): Place | undefined {
  const { section, sections, next_cursor } = last;
  if (next_cursor) return { section, cursor: next_cursor, sections };
  return section + 1 < sections.length ? { section: section + 1, cursor: "", sections } : undefined;
}

/**
 * The queue, page by page and part by part. It is never asked for again by itself, because it would jump under the
 * cursor: what has moved is found beside it (`useMoved`), and shown when somebody says so.
 */
export const queueQuery = (choice: Choice, name: readonly unknown[] = TASK_LISTS) =>
  infiniteQueryOptions({
    queryKey: [...name, parametersOf(choice), isOneList(choice.group, choice.sort) ? "" : choice.group],
    queryFn: ({ pageParam, signal }): Promise<QueuePage> => page(choice, pageParam, signal),
    initialPageParam: BEGINNING,
    getNextPageParam: following,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });

export type SavedView = Schema<"ViewOut">;

export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/views", { params: { query: { limit: MOST_VIEWS } }, signal })),
});

/** Messages and pages that belong to no task and hold the words. */
export const contextQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["items", "context", q],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET("/api/v1/items", {
          params: { query: { q, context: true, limit: CONTEXT_PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    enabled: q.length > 0,
  });
