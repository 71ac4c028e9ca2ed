import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/shared/api/client";

const MOST = 200;
const FOUND = 8;
const WHILE_ASKED_MS = 60_000;

/** Whose tasks there are, and which labels: what is worth suggesting. */
export const usedQuery = queryOptions({
  queryKey: ["tasks", "counts", { status: ["open", "snoozed", "done"] }],
  queryFn: ({ signal }) =>
    bodyOf(api.GET("/api/v1/tasks/counts", { params: { query: { status: ["open", "snoozed", "done"] } }, signal })),
  staleTime: WHILE_ASKED_MS,
});

export const usersQuery = queryOptions({
  queryKey: ["users", "first", MOST],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/users", { params: { query: { limit: MOST } }, signal })),
  staleTime: WHILE_ASKED_MS,
});

/** Tasks that hold the words, whatever became of them but deletion. */
export const findTasksQuery = (q: string) =>
  queryOptions({
    queryKey: ["tasks", "found", q],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks", {
          params: { query: { q, status: ["open", "snoozed", "done", "declined"], limit: FOUND } },
          signal,
        }),
      ),
  });

export const relatedQuery = (id: number) =>
  queryOptions({
    queryKey: ["tasks", "about", id, "related"],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/tasks/{task_id}/related", { params: { path: { task_id: id } }, signal })),
  });
