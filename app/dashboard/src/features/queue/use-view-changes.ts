import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { useOnce } from "@/shared/api/use-once";
import { say } from "@/shared/ui/say";
import { viewsQuery } from "./queries";

type New = Omit<Schema<"ViewIn">, "filter"> & { filter: Partial<Schema<"ViewIn">["filter"]> };
type Changes = Partial<Omit<Schema<"ViewPatch">, "filter">> & { filter?: Partial<Schema<"ViewIn">["filter"]> };

/** Saving, changing and deleting views; each of them renews the list. */
export function useViewChanges() {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: viewsQuery.queryKey });
  return {
    create: useOnce({
      mutationFn: (body: New, key) =>
        bodyOf(
          api.POST("/api/v1/views", { params: { header: { "Idempotency-Key": key } }, body: body as Schema<"ViewIn"> }),
        ),
      onSuccess: async () => {
        await renew();
        say("The view is saved.");
      },
    }),
    edit: useMutation({
      mutationFn: ({ id, changes }: { id: number; changes: Changes }) =>
        bodyOf(
          api.PATCH("/api/v1/views/{view_id}", {
            params: { path: { view_id: id } },
            body: changes as Schema<"ViewPatch">,
          }),
        ),
      onSuccess: async () => {
        await renew();
        say("The view is changed.");
      },
    }),
    remove: useMutation({
      mutationFn: (id: number) => api.DELETE("/api/v1/views/{view_id}", { params: { path: { view_id: id } } }),
      onSuccess: async () => {
        await renew();
        say("The view is deleted.");
      },
    }),
  };
}
