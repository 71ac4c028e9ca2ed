import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { liveStream } from "@/shared/live/stream";
import { useLiveState } from "@/shared/live/use-live";
import type { Choice } from "./choice";
import { loadedTasks } from "./lines";
import { compared, isMoved, type Moved } from "./order";
import { queueQuery, type Loaded } from "./queries";

const AFTER_MS = 600; // what happens together is compared once
const MOST_COMPARED = 200;
const LOOK_MS = 5_000;
const IDLE_MS = 30_000;
const TELLING = new Set(["queue.changed", "task.changed", "reset"]);

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
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const busyAt = useRef(0);

  const unattended = () => document.hidden || (calm() && Date.now() - busyAt.current > IDLE_MS);
  const show = (given: Found | null) => {
    setFound(null);
    if (given?.name !== name) return;
    beforeShowing();
    client.setQueryData<Loaded>(query.queryKey, given.server);
  };
  const look = useEffectEvent(async (arriving: boolean) => {
    const shown = client.getQueryData<Loaded>(query.queryKey);
    if (!shown || client.isFetching({ queryKey: query.queryKey, exact: true })) return;
    const since = client.getQueryState(query.queryKey)?.dataUpdatedAt ?? 0;
    const server = await client
      .infiniteQuery({
        ...queueQuery(choice, ["tasks", "order"]),
        pages: pagesCompared(shown),
        staleTime: 0,
        gcTime: 0,
      })
      .catch(() => null); // the next event looks again; that nothing answers is said elsewhere
    const now = client.getQueryData<Loaded>(query.queryKey);
    if (!server || !now) return;
    const moved = difference(now, server, since);
    const next = isMoved(moved) ? { server, moved, name } : null;
    const empty = now.pages.every((page) => page.items.length === 0);
    if (next && (empty || arriving || unattended())) show(next);
    else setFound(next);
  });
  const soon = useEffectEvent(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void look(false);
    }, AFTER_MS);
  });

  useEffect(
    () =>
      liveStream.onEvent(({ type }) => {
        if (TELLING.has(type)) soon();
      }),
    [],
  );
  useEffect(() => {
    if (live === "live") soon(); // also for what was missed while nothing was heard
  }, [live]);
  useEffect(() => {
    // A list that was looked at some time ago is shown as it is now.
    const arriving = setTimeout(() => void look(true));
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
    const looking = setInterval(() => showIfUnattended(), LOOK_MS);
    busy();
    return () => {
      stop.abort();
      clearInterval(looking);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, []);
  return { moved: found?.name === name ? found.moved : null, show: () => show(found) };
}
