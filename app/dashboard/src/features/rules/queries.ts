import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";

const MOST = 200;

export const rulesetsQuery = queryOptions({
  queryKey: ["rules", "rulesets"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/rulesets", { params: { query: { limit: MOST } }, signal })),
});

/** One version; without a number the active one, or the newest where another ruleset is active. */
export const rulesetQuery = (name: string, version?: number) =>
  queryOptions({
    queryKey: ["rules", "ruleset", name, version ?? "present"],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/rulesets/{name}", {
          params: { path: { name }, query: version === undefined ? {} : { version } },
          signal,
        }),
      ),
  });

export const versionsQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ["rules", "versions", name],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET("/api/v1/rulesets/{name}/versions", {
          params: { path: { name }, query: pageParam ? { cursor: pageParam } : {} },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const activationsQuery = infiniteQueryOptions({
  queryKey: ["rules", "activations"],
  queryFn: ({ pageParam, signal }) =>
    bodyOf(
      api.GET("/api/v1/rulesets/activations", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

export const diffQuery = (name: string, from: number | undefined, to: number) =>
  queryOptions({
    queryKey: ["rules", "diff", name, from ?? "before", to],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/rulesets/{name}/diff", {
          params: { path: { name }, query: from === undefined ? { to } : { from, to } },
          signal,
        }),
      ),
  });

export const healthQuery = queryOptions({
  queryKey: ["rules", "health"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/rulesets/health", { signal })),
  staleTime: 60_000,
});

export const factsQuery = queryOptions({
  queryKey: ["rules", "facts"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/facts", { signal })),
  staleTime: Infinity,
});

/** What is wrong with a text. The answer to the text before stays until this one's is there. */
export const checkQuery = (text: string) =>
  queryOptions({
    queryKey: ["rules", "check", text],
    queryFn: ({ signal }) => bodyOf(api.POST("/api/v1/rulesets/check", { body: { toml: text }, signal })),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

export const previewQuery = (text: string, historyDays: number) =>
  queryOptions({
    queryKey: ["rules", "preview", text, historyDays],
    queryFn: ({ signal }) =>
      bodyOf(
        api.POST("/api/v1/rulesets/preview", {
          params: { query: { history_days: historyDays } },
          body: { toml: text },
          signal,
        }),
      ),
    staleTime: 60_000,
    retry: false,
  });

export const proposalsQuery = infiniteQueryOptions({
  queryKey: ["rules", "proposals"],
  queryFn: ({ pageParam, signal }) =>
    bodyOf(api.GET("/api/v1/proposals", { params: { query: pageParam ? { cursor: pageParam } : {} }, signal })),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

export const proposalQuery = (id: number) =>
  queryOptions({
    queryKey: ["rules", "proposal", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/proposals/{proposal_id}", { params: { path: { proposal_id: id } }, signal })),
  });

export const calendarsQuery = queryOptions({
  queryKey: ["rules", "calendars"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/calendars", { params: { query: { limit: MOST } }, signal })),
});

export const calendarVersionsQuery = (name: string) =>
  queryOptions({
    queryKey: ["rules", "calendar-versions", name],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/calendars/{name}/versions", { params: { path: { name }, query: { limit: MOST } }, signal }),
      ),
  });

export type Preview = Schema<"RulesetPreviewOut">;
