import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "./client";
import type { operations } from "./schema";

export type Task = Schema<"TaskOut">;
export type TaskPage = Schema<"TaskPage">;
export type Score = Schema<"ScoreOut">;

/** What `GET /tasks` can be asked for, without what the list itself adds (limit, cursor, count). */
export type TaskParameters = Omit<
  NonNullable<operations["list_tasks"]["parameters"]["query"]>,
  "limit" | "cursor" | "count"
>;

/** Every list of tasks in the cache stands under this key. */
export const TASK_LISTS = ["tasks", "list"] as const;
const FIRST_PAGE = 60;
const PAGE = 200;

/** The queue, page by page: a short page first, so that something can be read at once. */
export const taskListQuery = (parameters: TaskParameters) =>
  infiniteQueryOptions({
    queryKey: [...TASK_LISTS, parameters],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks", {
          params: {
            query: { ...parameters, limit: pageParam ? PAGE : FIRST_PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const taskQuery = (id: number) =>
  queryOptions({
    queryKey: ["tasks", "one", id],
    queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/tasks/{task_id}", { params: { path: { task_id: id } }, signal })),
  });

/** Everything that is asked about one task stands under this key: score, items, history, … */
export const aboutTask = (id: number) => ["tasks", "about", id] as const;

/** Nobody works on it any more: what it would press for is no news. */
export const isClosed = ({ status }: Pick<Task, "status">) => status !== "open" && status !== "snoozed";
