import { tasksChanged } from "../acting/cache";
import { queryClient } from "../api/query-client";
import { renewMe } from "../api/session";
import { Pace } from "./pace";
import { Renewal } from "./renewal";
import { liveStream, type LiveEvent, type LiveState } from "./stream";

/** What is asked for anew as a whole, under these keys. */
class Marks {
  private keys = new Set<string>();
  private readonly pace = new Pace(() => this.carryOut(), { soon: 0, least: 250, most: 1_000 });

  mark(...keys: string[]) {
    for (const key of keys) this.keys.add(key);
    this.pace.ask();
  }

  stop() {
    this.pace.stop();
  }

  private carryOut() {
    const keys = this.keys;
    this.keys = new Set();
    return Promise.all(
      [...keys].map((key) => (key === "tasks" ? tasksChanged() : queryClient.invalidateQueries({ queryKey: [key] }))),
    );
  }
}

const numbers = (given: unknown): number[] | null =>
  Array.isArray(given) ? given.filter((each) => typeof each === "number") : null;

function take({ type, data }: LiveEvent, tasks: Renewal, marks: Marks) {
  if (type === "task.changed" && typeof data.task === "number")
    tasks.tell(data.task, typeof data.version === "number" ? data.version : undefined);
  else if (type === "queue.changed") {
    const ids = numbers(data.ids);
    if (ids) for (const id of ids) tasks.tell(id);
    else tasks.tellMany();
  } else if (type === "integration.changed") marks.mark("integrations", "status");
  else if (type === "sync.progress") marks.mark("runs");
  else if (type === "level.changed") marks.mark("status", "integrations");
  else if (type === "reset") marks.mark("tasks", "integrations", "runs", "status");
}

/** Where it is because nobody is signed in here any more, the answer leads away; where the server is away, all waits. */
const askWhoIsHere = () => void renewMe().catch(() => undefined);

/** Lets the stream's events renew what the page holds. Returns how to stop. */
export function keepFresh() {
  const [tasks, marks] = [new Renewal(), new Marks()];
  let before: LiveState = liveStream.current();
  /** Whatever was missed while nothing was heard, and could not be resumed, is asked for again. */
  const recover = () => {
    const now = liveStream.current();
    if (now === "live" && before !== "connecting" && before !== "live") {
      marks.mark("integrations", "runs", "status");
      tasks.tellMany();
    }
    before = now;
  };
  const stops = [
    liveStream.onEvent((event) => take(event, tasks, marks)),
    liveStream.onState(recover),
    liveStream.onRefusal(askWhoIsHere),
    () => tasks.stop(),
    () => marks.stop(),
  ];
  liveStream.start();
  return () => stops.forEach((stop) => stop());
}
