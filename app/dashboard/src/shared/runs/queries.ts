import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "../api/client";

/** One pull, or the import of one file. */
export type Run = Schema<"RunOut">;

const LOOK_EVERY_MS = 1_000;
const PAGE = 20;
const WARNINGS_PAGE = 200;

export const isOver = (run: Pick<Run, "state">) => run.state !== "queued" && run.state !== "running";

/** Looked at again as long as it goes on; `sync.progress` tells of it sooner. */
export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ["runs", "one", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/sync/runs/{run_id}", { params: { path: { run_id: id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK_EVERY_MS),
  });

/** Newest first; of all integrations where none is named. */
export const runsQuery = (integration: number | null) =>
  infiniteQueryOptions({
    queryKey: ["runs", "list", { integration }],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(integration === null ? {} : { integration }) };
      const cursor = pageParam ? { cursor: pageParam } : {};
      return bodyOf(api.GET("/api/v1/sync/runs", { params: { query: { ...query, ...cursor } }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const warningsQuery = (run: number) =>
  infiniteQueryOptions({
    queryKey: ["runs", "warnings", run],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: WARNINGS_PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { run_id: run }, query };
      return bodyOf(api.GET("/api/v1/sync/runs/{run_id}/warnings", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
