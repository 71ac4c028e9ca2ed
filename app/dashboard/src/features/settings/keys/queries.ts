import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";

export type Key = Schema<"KeyOut">;
export type Scope = Schema<"Scope">;

export const SCOPES: Record<Scope, string> = {
  "tasks:read": "whatever shows the queue, tasks and why they stand there",
  "tasks:write": "agents that act on tasks: also reads, and imports",
  "sync:run": "cron that starts pulls",
  "intake:write": "what brings files and events",
  "fleet:write": "agents that send heartbeats",
  "metrics:read": "Prometheus, and monitoring that asks /status",
  admin: "everything: keep it for setting up",
};

export const keysQuery = (all: boolean) =>
  infiniteQueryOptions({
    queryKey: ["keys", "list", all],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET("/api/v1/api-keys", {
          params: { query: { all, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

const changed = () => queryClient.invalidateQueries({ queryKey: ["keys"] });

const once = (act: string) => ({ header: { "Idempotency-Key": act } });

/** `act` is the Idempotency-Key: a key made twice would let in twice. */
export async function makeKey(body: Schema<"KeyIn">, act: string) {
  const key = await bodyOf(api.POST("/api/v1/api-keys", { params: once(act), body }));
  await changed();
  return key;
}

export async function rotateKey(key: Key, act: string) {
  const params = { path: { key_id: key.id }, ...once(act) };
  const made = await bodyOf(api.POST("/api/v1/api-keys/{key_id}/rotate", { params }));
  await changed();
  return made;
}

export async function revokeKey(key: Key) {
  await api.DELETE("/api/v1/api-keys/{key_id}", { params: { path: { key_id: key.id } } });
  await changed();
}
