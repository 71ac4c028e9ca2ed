// What a link brought. What is secret or was said once does not stay in the address bar, nor in the history.

export type Arrival = {
  /** Signs in once. */
  link: string;
  /** Lets one set a new password. */
  reset: string;
  /** Where to go afterwards, as somebody asked. */
  next: string | null;
  /** Code of what went wrong elsewhere. */
  error: string | null;
  /** They were signed out. */
  ended: boolean;
};

export function readAddress({ search, hash }: Pick<Location, "search" | "hash">): Arrival {
  const asked = new URLSearchParams(search);
  const given = new URLSearchParams(hash.slice(1));
  return {
    link: given.get("token") ?? "",
    reset: given.get("reset") ?? "",
    next: asked.get("next"),
    error: asked.get("error"),
    ended: asked.has("ended"),
  };
}

/** The same, and the address bar is left with what may stay. */
export function takeAddress(): Arrival {
  const arrival = readAddress(location);
  const kept = arrival.next === null ? "" : `?${new URLSearchParams({ next: arrival.next }).toString()}`;
  history.replaceState(history.state, "", location.pathname + kept);
  return arrival;
}

/** Where somebody wanted to go: an address of our own, else the queue. */
export function destination(wanted: string | null, here: Pick<Location, "origin" | "pathname">): string {
  const home = new URL("/", here.origin);
  let url: URL;
  try {
    url = new URL(wanted ?? "/", here.origin);
  } catch {
    return home.href;
  }
  return url.origin === home.origin && url.pathname !== here.pathname ? url.href : home.href;
}
