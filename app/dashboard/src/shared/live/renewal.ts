import { cachedTasks, dropTask, putTask } from "../acting/cache";
import { madeHere, turnOf } from "../acting/turns";
import { asApiError } from "../api/errors";
import { queryClient } from "../api/query-client";
import { taskQuery } from "../api/tasks";
import { askPagesBelow, askPagesOf } from "./ask-pages";
import { Pace } from "./pace";

/** More tasks are asked for by the pages that hold them. */
const FEW = 8;
/** Requests at once: a browser has six for one server, and people want to act meanwhile. */
const AT_ONCE = 4;
/** So often a task is asked for until the answer is as new as what was told. */
const TRIES = 3;
/** As many tasks are kept in mind while nobody looks; of more it is enough that there were many. */
const MOST = 500;
/** Its version is at least this one. `besides`: something else of it may have changed too, like its score. */
type Told = { version: number; besides: boolean };

const isShown = (id: number) =>
  queryClient
    .getQueryCache()
    .find({ queryKey: taskQuery(id).queryKey, exact: true })
    ?.isActive() ?? false;

/** Asks again for tasks that events told of, and puts them where they stand: no list moves under the cursor. */
export class Renewal {
  /** What was told since the last time. */
  private told = new Map<number, Told>();
  /** Tasks were changed of which nobody said which. */
  private many = false;
  private readonly tasks = new Pace(() => this.renew(), { soon: 20, least: 250, most: 500 });
  private readonly pagesBelow = new Pace(askPagesBelow, { soon: 1_000, least: 2_000, most: 10_000 });
  private readonly counts = new Pace(() => queryClient.invalidateQueries({ queryKey: ["tasks", "counts"] }), {
    soon: 100,
    least: 1_000,
    most: 8_000,
  });

  /** A task was changed; without `version`, nobody says how far. What was done from here is no news once it is answered. */
  tell(id: number, version?: number) {
    const turn = turnOf(id);
    if (turn) void turn.then(() => this.tell(id, version));
    else if (version === undefined || !madeHere(id, version)) {
      const before = this.told.get(id) ?? { version: 0, besides: false };
      const besides = before.besides || version === undefined;
      this.told.set(id, { version: Math.max(version ?? 0, before.version), besides });
      if (this.told.size > MOST) this.tellMany();
      this.tasks.ask();
      this.counts.ask();
    }
  }

  /** Nobody can say which tasks were changed. */
  tellMany() {
    this.told.clear();
    this.many = true;
    this.tasks.ask();
    this.pagesBelow.ask();
    this.counts.ask();
  }

  stop() {
    for (const pace of [this.tasks, this.pagesBelow, this.counts]) pace.stop();
  }

  private async renew() {
    const { told, many } = this;
    this.told = new Map();
    this.many = false;
    void queryClient.invalidateQueries({
      queryKey: ["tasks", "about"],
      predicate: ({ queryKey }) => many || told.has(queryKey[2] as number),
    });
    if (many) void queryClient.invalidateQueries({ queryKey: ["tasks", "one"] });
    await this.renewTold(told);
  }

  private async renewTold(told: ReadonlyMap<number, Told>) {
    const known = cachedTasks(new Set(told.keys()));
    const wanted = new Map(
      [...told].filter(([id, { version, besides }]) => {
        const task = known.get(id);
        return task ? besides || task.version < version : isShown(id);
      }),
    );
    const found = wanted.size > FEW ? await askPagesOf(new Set(wanted.keys())) : [];
    for (const { id, version } of found) if (version >= (wanted.get(id)?.version ?? Infinity)) wanted.delete(id);
    // What somebody has open comes first, then what they see in a list.
    const left = [...wanted].sort(([one], [other]) => Number(isShown(other)) - Number(isShown(one)));
    const next = async () => {
      for (let each = left.shift(); each; each = left.shift()) await this.ask(each[0], each[1].version);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  private async ask(id: number, version: number) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const query = taskQuery(id);
      // A request that is on its way may have been answered before this was told.
      const joined = queryClient.isFetching({ queryKey: query.queryKey, exact: true }) > 0;
      try {
        const task = await queryClient.query({ ...query, staleTime: 0 });
        putTask(task);
        if (!joined && task.version >= version) return;
      } catch (error) {
        if (asApiError(error).status === 404) dropTask(id);
        return; // the next event asks again; that nothing answers is said elsewhere
      }
    }
  }
}
