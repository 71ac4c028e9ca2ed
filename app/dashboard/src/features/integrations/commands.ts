import { useMutation, useQuery } from "@tanstack/react-query";
import { tasksChanged } from "@/shared/acting/cache";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { ApiError, asApiError } from "@/shared/api/errors";
import type { Integration } from "@/shared/api/integrations";
import { queryClient } from "@/shared/api/query-client";
import { meQuery, useMay } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { runQuery } from "@/shared/runs/queries";
import { integrationQuery, putIntegration, renewIntegrations } from "./queries";

/** Whether whoever is signed in may change this integration: its owner and admins may. */
export function useMayChange(): (integration: Integration) => boolean {
  const may = useMay();
  const { data: me } = useQuery(meQuery);
  return (integration) =>
    may("admin") || (may("integrations:write") && integration.owner !== null && integration.owner.id === me?.user?.id);
}

const pathOf = (id: number) => ({ path: { integration_id: id } });

/** Begins a pull. One that goes on already is no failure: it is shown. */
async function beginSync(id: number, key: string): Promise<number> {
  try {
    const params = { ...pathOf(id), header: { "Idempotency-Key": key } };
    const { run } = await bodyOf(api.POST("/api/v1/integrations/{integration_id}/sync", { params }));
    queryClient.setQueryData(runQuery(run.id).queryKey, run);
    return run.id;
  } catch (error) {
    const { problem } = asApiError(error);
    const going = problem.status === 409 ? (problem as { run?: unknown }).run : undefined;
    if (typeof going === "number") return going;
    throw error;
  }
}

/** Shows at once that a run goes on, wherever the integration stands. */
function showRun(id: number, run: number) {
  const going = (each: Integration): Integration =>
    each.id === id ? { ...each, run, state: each.paused ? "paused" : "syncing" } : each;
  queryClient.setQueryData(integrationQuery(id).queryKey, (known) => known && going(known));
  queryClient.setQueryData<Schema<"IntegrationPage">>(
    ["integrations", "list"],
    (known) => known && { ...known, items: known.items.map(going) },
  );
}

export function useSync(id: number) {
  const sync = useOnce({
    mutationFn: (_, key) => beginSync(id, key),
    onSuccess: (run) => showRun(id, run),
  });
  return { sync: () => sync.mutate(), isPending: sync.isPending, error: sync.error };
}

/** Changes some of what is set. Optimism would be wrong here: the server checks settings and access. */
export function useChange(id: number) {
  return useMutation({
    mutationFn: (body: Schema<"IntegrationPatch">) =>
      bodyOf(api.PATCH("/api/v1/integrations/{integration_id}", { params: pathOf(id), body })),
    onSuccess: putIntegration,
  });
}

export function useDelete(id: number) {
  return useMutation({
    mutationFn: () => bodyOf(api.DELETE("/api/v1/integrations/{integration_id}", { params: pathOf(id) })),
    onSuccess: () => {
      queryClient.removeQueries({ queryKey: integrationQuery(id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ["integrations", "list"] });
      void queryClient.invalidateQueries({ queryKey: ["integrations", "sample"] });
      void tasksChanged();
      void queryClient.invalidateQueries({ queryKey: ["runs", "list", { integration: null }] });
    },
  });
}

export async function createIntegration(body: Schema<"IntegrationIn">, key: string): Promise<Integration> {
  const params = { header: { "Idempotency-Key": key } };
  const made = await bodyOf(api.POST("/api/v1/integrations", { params, body }));
  void putIntegration(made);
  return made;
}

export async function askForLink(id: number, key: string) {
  const params = { ...pathOf(id), header: { "Idempotency-Key": key } };
  const body = { callback_url: `${location.origin}/integrations/${id}` };
  const link = await bodyOf(api.POST("/api/v1/integrations/{integration_id}/connect", { params, body }));
  void renewIntegrations();
  return link;
}

export const nameTaken = (error: unknown) => error instanceof ApiError && error.status === 409;
