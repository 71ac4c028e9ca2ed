import { api, bodyOf, newKey, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import type { Task } from "@/shared/api/tasks";

export type Noted = Schema<"Ranked">;

/** Tells the server that one task should stand above another. It is evidence for the rules, and moves nothing. */
export async function rankAbove(above: number, below: number): Promise<Noted> {
  const params = { path: { task_id: above, other_id: below }, header: { "Idempotency-Key": newKey() } };
  const noted = await bodyOf(api.POST("/api/v1/tasks/{task_id}/rank-above/{other_id}", { params }));
  void queryClient.invalidateQueries({ queryKey: ["rules"] });
  return noted;
}

/** The next task of the queue that is nobody's becomes `user`'s; null where there is none. */
export async function claimNext(user: string): Promise<{ task: Task; undo: Schema<"UndoOut"> | null } | null> {
  const params = { header: { "Idempotency-Key": newKey() } };
  const { task, undo } = await bodyOf(api.POST("/api/v1/tasks/claim", { params, body: { user } }));
  return task && { task, undo };
}

/** A message or page that belongs to no task becomes one. */
export async function makeTaskOf(item: number): Promise<Schema<"Made">> {
  const params = { path: { item_id: item }, header: { "Idempotency-Key": newKey() } };
  const made = await bodyOf(api.POST("/api/v1/items/{item_id}/task", { params }));
  void queryClient.invalidateQueries({ queryKey: ["items", "context"] });
  return made;
}
