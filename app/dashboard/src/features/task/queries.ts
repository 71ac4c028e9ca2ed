import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { aboutTask, type Score } from "@/shared/api/tasks";

export type Contribution = Schema<"ContributionOut">;
export type Item = Schema<"ItemOut">;
export type HistoryLine = Schema<"EventOut">;
export type Write = Schema<"WriteOut">;
export type Versus = Schema<"VersusOut">;
export type Forecast = Schema<"ForecastOut">;
export type Supposition = Schema<"SuppositionOut">;

/** Most conversations are one page of this. */
const ITEMS = 100;
const LINES = 50;
const FOUND = 8;
const SOONEST_MS = 5_000;
const LATEST_MS = 6 * 3600_000;

/** When time alone may have changed a score, it is asked for again. */
function untilInvalid(score: Score | undefined) {
  if (!score?.valid_until) return false;
  return Math.min(LATEST_MS, Math.max(SOONEST_MS, Date.parse(score.valid_until) - Date.now()));
}

/** With `at`, as it was then. */
export const scoreQuery = (id: number, at: string | null) =>
  queryOptions({
    queryKey: [...aboutTask(id), "score", at],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks/{task_id}/score", {
          params: { path: { task_id: id }, query: at ? { at } : {} },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (at ? false : untilInvalid(state.data)),
  });

export const versusQuery = (id: number, other: number) =>
  queryOptions({
    queryKey: [...aboutTask(id), "versus", other],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks/{task_id}/score/versus/{other}", { params: { path: { task_id: id, other } }, signal }),
      ),
  });

export const whatIfQuery = (id: number, goal: string) =>
  queryOptions({
    queryKey: [...aboutTask(id), "what-if", goal],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks/{task_id}/score/what-if", {
          params: { path: { task_id: id }, query: goal ? { goal } : {} },
          signal,
        }),
      ),
  });

export const forecastQuery = (id: number, hours: number) =>
  queryOptions({
    queryKey: [...aboutTask(id), "forecast", hours],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/tasks/{task_id}/score/forecast", {
          params: { path: { task_id: id }, query: { hours } },
          signal,
        }),
      ),
  });

const paged = (id: number, limit: number, cursor: string) => ({
  path: { task_id: id },
  query: { limit, ...(cursor ? { cursor } : {}) },
});

export const itemsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: [...aboutTask(id), "items"],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(api.GET("/api/v1/tasks/{task_id}/items", { params: paged(id, ITEMS, pageParam), signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const historyQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: [...aboutTask(id), "history"],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(api.GET("/api/v1/tasks/{task_id}/history", { params: paged(id, LINES, pageParam), signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const writesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: [...aboutTask(id), "writes"],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(api.GET("/api/v1/tasks/{task_id}/writes", { params: paged(id, LINES, pageParam), signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const relatedQuery = (id: number) =>
  queryOptions({
    queryKey: [...aboutTask(id), "related"],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/tasks/{task_id}/related", { params: { path: { task_id: id } }, signal })),
  });

/** Tasks that some words find, for choosing one. */
export const foundQuery = (words: string) =>
  queryOptions({
    queryKey: ["tasks", "found", words],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/tasks", { params: { query: { q: words, limit: FOUND } }, signal })),
    enabled: words.length > 0,
  });
