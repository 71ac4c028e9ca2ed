import { api, bodyOf, newKey, type Schema } from "../api/client";
import { queryClient } from "../api/query-client";
import { aboutTask, taskQuery } from "../api/tasks";
import { say } from "../ui/say";
import { Store } from "../ui/store";
import { putTask, refetchLists } from "./cache";

/** How long it is offered; the server takes it for longer. */
export const OFFERED_MS = 10_000;

export type Offer = { sentence: string; token: string; until: number };

/** What can be undone by one key at the moment. */
export const offer = new Store<Offer | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

export function offerUndo(sentence: string, undo: Schema<"UndoOut">) {
  clearTimeout(timer);
  offer.set({ sentence, token: undo.token, until: Date.now() + OFFERED_MS });
  timer = setTimeout(() => offer.set(null), OFFERED_MS);
  say(`${sentence}. You can undo it.`);
}

/** Somebody is at the offer with the pointer or the focus: it stays until they leave. */
export function holdOffer(hold: boolean) {
  clearTimeout(timer);
  const held = offer.get();
  if (hold || !held) return;
  offer.set({ ...held, until: Date.now() + OFFERED_MS });
  timer = setTimeout(() => offer.set(null), OFFERED_MS);
}

/** Takes back what was done last, while that is offered. Raises an ApiError where it can't be any more. */
export async function undoLast(): Promise<void> {
  const held = offer.get();
  if (!held) return;
  offer.set(null);
  const params = { path: { token: held.token }, header: { "Idempotency-Key": newKey() } };
  const { undone } = await bodyOf(api.POST("/api/v1/undo/{token}", { params }));
  await Promise.all(
    undone.slice(0, 20).map(async (id) => {
      putTask(await queryClient.query({ ...taskQuery(id), staleTime: 0 }));
      await queryClient.invalidateQueries({ queryKey: aboutTask(id) });
    }),
  );
  await refetchLists();
  await queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
  say("Undone.");
}
