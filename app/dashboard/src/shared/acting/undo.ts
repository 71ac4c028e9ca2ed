import { api, bodyOf, newKey, type Schema } from "../api/client";
import { asApiError } from "../api/errors";
import { queryClient } from "../api/query-client";
import { aboutTask, taskQuery, type Task } from "../api/tasks";
import { say } from "../ui/say";
import { Store } from "../ui/store";
import { cachedTask, putTask, refetchLists, show } from "./cache";
import { asKnown, comeBack } from "./known";
import { fail } from "./refusals";
import { stubbornly } from "./stubborn";
import { inTurn, noteStep, versionSeen } from "./turns";

/** How long it is offered; the server takes it for longer. */
export const OFFERED_MS = 10_000;
/** Of more tasks than that the lists alone are asked anew. */
const FEW = 20;

export type Offer = {
  sentence: string;
  /** What the server takes back by; of several acts the latest last. */
  tokens: readonly string[];
  /** The tasks as they were, to be shown at once. */
  before: readonly Task[];
  until: number;
};

/** What can be undone at the moment, the latest last: that one is offered. */
export const offers = new Store<readonly Offer[]>([]);
/** Somebody is at the offer with the pointer or the focus. */
export const held = new Store(false);

let timer: ReturnType<typeof setTimeout> | undefined;

export function offerUndo(
  sentence: string,
  undo: Schema<"UndoOut"> | readonly Schema<"UndoOut">[],
  before: readonly Task[] = [],
) {
  const tokens = ("token" in undo ? [undo] : undo).map(({ token }) => token);
  offers.set([...offers.get(), { sentence, tokens, before, until: Date.now() + OFFERED_MS }]);
  wait();
  say(`${sentence}. You can undo it.`);
}

/** Takes away what was offered long enough, now and whenever the next one has been. */
function wait() {
  clearTimeout(timer);
  if (held.get()) return;
  const left = offers.get().filter(({ until }) => until > Date.now());
  if (left.length !== offers.get().length) offers.set(left);
  if (left.length > 0) timer = setTimeout(wait, Math.min(...left.map(({ until }) => until)) - Date.now());
}

/** As long as somebody is at the offer it stays, and is offered anew when they leave. */
export function holdOffer(hold: boolean) {
  if (held.get() === hold) return;
  held.set(hold);
  if (!hold) offers.set(offers.get().map((each) => ({ ...each, until: Date.now() + OFFERED_MS })));
  wait();
}

const withdraw = (offer: Offer) => offers.set(offers.get().filter((each) => each !== offer));

export function closeOffer(offer: Offer) {
  withdraw(offer);
  held.set(false);
  wait();
}

/** Takes back what was done last, while that is offered. Where it can't be taken back any more, that is shown. */
export async function undoLast(): Promise<void> {
  const offer = offers.get().at(-1);
  if (!offer) return;
  closeOffer(offer);
  await takeBack(offer, newKey());
}

async function takeBack(offer: Offer, key: string): Promise<void> {
  const ids = offer.before.map(({ id }) => id);
  for (const id of ids) comeBack(id);
  // As they were, but in the version of now: whoever acts on one next has seen it so.
  show(new Map(offer.before.map((task) => [task.id, { ...task, version: versionSeen(task.id, task.version) }])));
  try {
    const undone = await inTurn(ids, () => sendUndo(offer, key));
    say(`Undone: ${offer.sentence}`);
    if (undone > FEW || ids.length === 0) await queryClient.invalidateQueries({ queryKey: ["tasks", "one"] });
    // One that stands where it stood is asked for by itself; many left lists that have asked again since.
    if (undone > 1 || ids.length !== 1) await refetchLists();
  } catch (error) {
    show(new Map(ids.map((id) => [id, asKnown(id) ?? null])));
    const problem = asApiError(error);
    const again = problem.status === 0 || problem.status >= 500;
    const retry = again ? () => void takeBack(offer, key) : null;
    fail({ title: `Not undone: ${offer.sentence}`, error: problem, retry });
    await refetchLists();
  }
  await queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] });
  await queryClient.invalidateQueries({ queryKey: ["items"] }); // one that was made a task is none again
}

/** Returns how many tasks are as they were. */
async function sendUndo({ tokens }: Offer, key: string): Promise<number> {
  const all = new Set<number>();
  for (const token of tokens.toReversed()) {
    const params = { path: { token }, header: { "Idempotency-Key": `${key}-${token}` } };
    const { undone } = await stubbornly(() => bodyOf(api.POST("/api/v1/undo/{token}", { params })));
    for (const id of undone) all.add(id);
  }
  if (all.size <= FEW) await Promise.all([...all].map(renew));
  return all.size;
}

async function renew(id: number) {
  comeBack(id);
  const before = cachedTask(id)?.version;
  const now = await queryClient.query({ ...taskQuery(id), staleTime: 0 });
  // The undo is the next version. A later one holds what somebody else did.
  if (before !== undefined && now.version === before + 1) noteStep(id, before, now.version);
  putTask(now);
  await queryClient.invalidateQueries({ queryKey: aboutTask(id) });
}
