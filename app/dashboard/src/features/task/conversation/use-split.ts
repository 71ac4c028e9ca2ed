import { useState } from "react";
import { putTask, refetchLists } from "@/shared/acting/cache";
import { offerUndo } from "@/shared/acting/undo";
import { api, bodyOf } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { aboutTask, type Task } from "@/shared/api/tasks";
import { useOnce } from "@/shared/api/use-once";
import { seen } from "@/shared/ui/outside";
import type { Item } from "../queries";

/** Chooses messages and makes a task of its own of them. */
export function useSplit(task: Task, onDone: (made: number) => void) {
  const [picked, setPicked] = useState<ReadonlySet<number> | null>(null);
  const doing = useOnce({
    mutationFn: ({ items, version }: { items: number[]; version: number }, key) =>
      bodyOf(
        api.POST("/api/v1/tasks/{task_id}/split", {
          params: { path: { task_id: task.id }, header: { "Idempotency-Key": key, "If-Match": `"${version}"` } },
          body: { items },
        }),
      ),
    onSuccess: ({ task: left, new_task: made, undo }) => {
      putTask(left);
      putTask(made);
      offerUndo(`Split off: ${seen(made.title)}`, undo);
      void queryClient.invalidateQueries({ queryKey: aboutTask(left.id) });
      void queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
      void refetchLists();
      setPicked(null);
      onDone(made.id);
    },
  });
  return {
    picked,
    begin: () => setPicked(new Set()),
    cancel: () => {
      setPicked(null);
      doing.reset();
    },
    pick: (item: Item) =>
      setPicked((before) =>
        before?.has(item.id)
          ? new Set([...before].filter((id) => id !== item.id))
          : new Set([...(before ?? []), item.id]),
      ),
    split: () => doing.mutate({ items: [...(picked ?? [])], version: task.version }),
    pending: doing.isPending,
    error: doing.error,
  };
}
