import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/shared/api/client";
import { useOnce } from "@/shared/api/use-once";
import { say } from "@/shared/ui/say";
import { viewsQuery } from "./queries";
import { saveView, type Changes } from "./view-save";

type New = Omit<Schema<"ViewIn">, "filter"> & { filter: Partial<Schema<"ViewIn">["filter"]> };

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
      mutationFn: ({ id, version, changes }: { id: number; version: number; changes: Changes }) =>
        saveView(id, version, changes),
      // Also where it is refused: what somebody else made of it is to be seen.
      onSettled: renew,
      onSuccess: () => say("The view is changed."),
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
