import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { putRows, showList } from "@/shared/acting/cache";
import { madeHere, turnOf } from "@/shared/acting/turns";
import { Pace } from "@/shared/live/pace";
import { liveStream, type LiveEvent } from "@/shared/live/stream";
import { useLiveState } from "@/shared/live/use-live";
import type { Choice } from "./choice";
import { loadedTasks } from "./lines";
import { compared, isMoved, type Moved } from "./order";
import { queueQuery, type Loaded } from "./queries";

/** What happens together is compared once, and the more happens the less often: each look asks for the list. */
const TIMES = { soon: 400, least: 1_000, most: 8_000 };
const MOST_COMPARED = 200;
const LOOK_MS = 5_000;
const JUST_ASKED_MS = 2_000; // a first list comes before the page that shows it
const IDLE_MS = 30_000;
const BACK_MS = 2_000;
const TELLING = new Set(["queue.changed", "task.changed", "reset"]);
/** After these a task is in the list no more: done from here, they move nothing else in it. */
const LEAVING = new Set<unknown>(["complete", "snooze", "decline", "delete", "merge"]);

type Found = { server: Loaded; moved: Moved; name: string };

/** As many pages from the first on as are worth comparing. */
function pagesCompared(shown: Loaded): number {
  let tasks = 0;
  const enough = shown.pages.findIndex((page) => (tasks += page.items.length) >= MOST_COMPARED);
  return enough < 0 ? shown.pages.length : enough + 1;
}

function difference(shown: Loaded, server: Loaded, since: number): Moved {
  const ids = loadedTasks(shown).map((task) => task.id);
  const theirs = loadedTasks(server);
  const born = new Set(theirs.filter((task) => Date.parse(task.created_at) > since).map((task) => task.id));
  const last = server.pages.at(-1);
  const whole = last !== undefined && !last.next_cursor && last.section + 1 >= last.sections.length;
  return compared(
    ids,
    theirs.map((task) => task.id),
    (id) => born.has(id),
    whole,
  );
}

/** Whether an event tells of what this page has done itself and shows already, once that is answered. */
async function isEcho({ type, data: { task, version, verb } }: LiveEvent): Promise<boolean> {
  if (type !== "task.changed" || typeof task !== "number" || typeof version !== "number") return false;
  await turnOf(task);
  return LEAVING.has(verb) && madeHere(task, version);
}

/**
 * Looks in the background whether the server's order is still the one that is shown, whenever something happened.
 *
 * Returns what differs, and how to show it. It is shown by itself only where nobody can be looking: `calm` says whether
 * anything would be torn from under somebody's hands.
 */
export function useMoved(choice: Choice, calm: () => boolean, beforeShowing: () => void) {
  const client = useQueryClient();
  const live = useLiveState();
  const query = queueQuery(choice);
  const name = JSON.stringify(query.queryKey);
  const [found, setFound] = useState<Found | null>(null);
  const pace = useRef<Pace>(undefined);
  const busyAt = useRef(0);
  const backAt = useRef(0);
  /** The first list of the page, which may have been asked for before the page was there. */
  const first = useRef(true);

  /** Whoever comes back to the page is shown what moved meanwhile, before they have touched anything. */
  const justBack = () => calm() && busyAt.current < backAt.current && Date.now() - backAt.current < BACK_MS;
  const unattended = () => document.hidden || (calm() && Date.now() - busyAt.current > IDLE_MS);
  const show = (given: Found | null) => {
    setFound(null);
    if (given?.name !== name) return;
    beforeShowing();
    showList(query.queryKey, given.server);
  };
  const look = useEffectEvent(async (arriving: boolean) => {
    const shown = client.getQueryData<Loaded>(query.queryKey);
    const since = client.getQueryState(query.queryKey)?.dataUpdatedAt ?? 0;
    if (!shown || (arriving && first.current && Date.now() - since < JUST_ASKED_MS)) return;
    // What is on its way may have been answered before something happened.
    const order = queueQuery(choice, ["tasks", "order"]);
    if ([query, order].some(({ queryKey }) => client.isFetching({ queryKey, exact: true }))) {
      pace.current?.ask();
      return;
    }
    const server = await client
      .infiniteQuery({
        ...order,
        pages: pagesCompared(shown),
        staleTime: 0,
        gcTime: 0,
      })
      .catch(() => null); // the next event looks again; that nothing answers is said elsewhere
    if (!server) return;
    putRows(loadedTasks(server));
    const now = client.getQueryData<Loaded>(query.queryKey);
    if (!now) return;
    const moved = difference(now, server, since);
    const next = isMoved(moved) ? { server, moved, name } : null;
    const empty = now.pages.every((page) => page.items.length === 0);
    if (next && (empty || arriving || justBack() || unattended())) show(next);
    else setFound(next);
  });
  const told = useEffectEvent((event: LiveEvent) => {
    if (!TELLING.has(event.type)) return;
    void isEcho(event).then((echo) => {
      if (!echo || found) pace.current?.ask();
    });
  });

  useEffect(() => {
    const looking = new Pace(() => look(false), TIMES);
    pace.current = looking;
    const stop = liveStream.onEvent((event) => told(event));
    return () => {
      stop();
      looking.stop();
    };
  }, []);
  useEffect(() => {
    if (live === "live") pace.current?.ask(); // also for what was missed while nothing was heard
  }, [live]);
  useEffect(() => {
    // A list that was looked at some time ago is shown as it is now.
    const arriving = setTimeout(() => {
      void look(true);
      first.current = false;
    });
    return () => clearTimeout(arriving);
  }, [name]);
  const showIfUnattended = useEffectEvent(() => {
    if (found && unattended()) show(found);
  });
  useEffect(() => {
    const stop = new AbortController();
    const busy = () => (busyAt.current = Date.now());
    for (const sign of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"])
      addEventListener(sign, busy, { passive: true, signal: stop.signal });
    const back = () => (backAt.current = document.hidden ? 0 : Date.now());
    document.addEventListener("visibilitychange", back, { signal: stop.signal });
    const looking = setInterval(() => showIfUnattended(), LOOK_MS);
    busy();
    return () => {
      stop.abort();
      clearInterval(looking);
    };
  }, []);
  return { moved: found?.name === name ? found.moved : null, show: () => show(found) };
}
