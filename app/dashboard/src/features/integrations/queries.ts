import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import type { Integration } from "@/shared/api/integrations";
import { queryClient } from "@/shared/api/query-client";
import type { Task } from "@/shared/api/tasks";
import { STATUS_WORDS } from "@/shared/ui/task-words";

export type Connection = Schema<"ConnectionOut">;
export type Write = Schema<"WriteOut">;
export type Kept = Schema<"KeptOut">;

const PAGE = 20;
const LOOK_EVERY_MS = 2_000;

export const integrationQuery = (id: number) =>
  queryOptions({
    queryKey: ["integrations", "one", id],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/api/v1/integrations/{integration_id}", { params: { path: { integration_id: id } }, signal })),
  });

/** Looked at again while a link waits to be followed. */
export const connectionQuery = (id: number) =>
  queryOptions({
    queryKey: ["integrations", "connection", id],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET("/api/v1/integrations/{integration_id}/connection", {
          params: { path: { integration_id: id } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? LOOK_EVERY_MS : false),
  });

export const unreadableQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ["integrations", "unreadable", id],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { integration_id: id }, query };
      return bodyOf(api.GET("/api/v1/integrations/{integration_id}/unreadable", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const keptQuery = (id: number, kept: number) =>
  queryOptions({
    queryKey: ["integrations", "unreadable", id, kept],
    queryFn: ({ signal }) => {
      const params = { path: { integration_id: id, kept_id: kept } };
      return bodyOf(api.GET("/api/v1/integrations/{integration_id}/unreadable/{kept_id}", { params, signal }));
    },
  });

export const writesQuery = (integration: number, states: Write["state"][]) =>
  infiniteQueryOptions({
    queryKey: ["integrations", "writes", integration, states],
    queryFn: ({ pageParam, signal }) => {
      const query = { integration, state: states, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return bodyOf(api.GET("/api/v1/writes", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

/** How many tasks came from it, however they stand, as far as whoever asks may see them. */
export const tasksOfQuery = (id: number) =>
  queryOptions({
    queryKey: ["tasks", "counts", "integration", id],
    queryFn: async ({ signal }) => {
      const query = { integration: [String(id)], status: Object.keys(STATUS_WORDS) as Task["status"][] };
      const { total } = await bodyOf(api.GET("/api/v1/tasks/counts", { params: { query }, signal }));
      return total;
    },
  });

export const usersQuery = queryOptions({
  queryKey: ["users", "named"],
  queryFn: ({ signal }) => bodyOf(api.GET("/api/v1/users", { params: { query: { limit: 200 } }, signal })),
});

/** Shows an integration as the server answered with it, and asks anew for what depends on it. */
export function putIntegration(integration: Integration) {
  queryClient.setQueryData(integrationQuery(integration.id).queryKey, integration);
  return renewIntegrations();
}

export const renewIntegrations = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ["integrations"] }),
    queryClient.invalidateQueries({ queryKey: ["runs"] }),
  ]);
