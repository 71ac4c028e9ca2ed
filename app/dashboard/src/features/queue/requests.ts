import { api, bodyOf, type Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";

export type Noted = Schema<"Ranked">;

const once = (key: string) => ({ header: { "Idempotency-Key": key } });

/** Tells the server that one task should stand above another. It is evidence for the rules, and moves nothing. */
export async function rankAbove({ above, below }: { above: number; below: number }, key: string): Promise<Noted> {
  const params = { path: { task_id: above, other_id: below }, ...once(key) };
  const noted = await bodyOf(api.POST("/api/v1/tasks/{task_id}/rank-above/{other_id}", { params }));
  void queryClient.invalidateQueries({ queryKey: ["rules"] });
  return noted;
}

/** The next task of the queue that is nobody's becomes `user`'s; null where there is none. */
export async function claimNext(user: string, key: string) {
  const params = once(key);
  const { task, undo } = await bodyOf(api.POST("/api/v1/tasks/claim", { params, body: { user } }));
  return task && { task, undo };
}

/** A message or page that belongs to no task becomes one. */
export async function makeTaskOf(item: number, key: string): Promise<Schema<"Made">> {
  const params = { path: { item_id: item }, ...once(key) };
  const made = await bodyOf(api.POST("/api/v1/items/{item_id}/task", { params }));
  void queryClient.invalidateQueries({ queryKey: ["items", "context"] });
  return made;
}
