import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { ApiError, asApiError } from "@/shared/api/errors";
import { destination, takeAddress, type Arrival } from "./address";
import { cookieWasKept, loginByLink, ways as askWays, whoIsHere, type Ways } from "./calls";

const REFUSED = "That did not sign you in";

export type View = "busy" | "sign-in" | "forgot" | "reset";
export type Notice = { problem: unknown; retry?: (() => void) | undefined } | { sentence: string };

/** Read once: by the time that anything is drawn, what is secret is gone from the address bar. */
const arrived = takeAddress();
/** A link is good once, and in development React runs every effect twice. */
let begun = false;

/** What went wrong, as whoever signs in needs it: the log has nothing more to tell of a wrong password. */
export function plainly(error: ApiError, refused = REFUSED): ApiError {
  if (error.status === 429)
    return new ApiError({
      title: "That was tried too often",
      detail: "The button says when you may try again.",
      status: 429,
    });
  const title = error.status === 401 ? refused : error.title;
  return new ApiError({
    ...error.problem,
    title,
    detail: error.message,
    correlation_id: error.status >= 500 ? error.correlationId : "",
  });
}

export const goOn = async (next: string | null) => {
  await cookieWasKept();
  location.assign(destination(next, location));
  await new Promise(() => undefined); // the page is going
};

const waysQuery = queryOptions({ queryKey: ["sign-in", "ways"], queryFn: askWays, staleTime: Infinity });

const whoQuery = queryOptions({ queryKey: ["sign-in", "who"], queryFn: whoIsHere, staleTime: Infinity });

const firstView = (): View => (arrived.link ? "busy" : arrived.reset ? "reset" : "sign-in");

/** What is to be said at first: of a way that failed elsewhere, or why one is here. */
function firstNotice(ways: Ways | undefined): Notice | null {
  if (arrived.ended) return { sentence: "You were signed out. Sign in again to go on." };
  if (arrived.error === null || !ways) return null;
  const detail = (ways.errors as Record<string, string | undefined>)[arrived.error] ?? "Try again.";
  return { problem: new ApiError({ title: REFUSED, detail }) };
}

/** Follows what a link brought, at the start and in a tab that stands here already; and what may be done here. */
export function useArrival() {
  const [view, show] = useState<View>(firstView);
  const [told, tell] = useState<Notice | null | undefined>(undefined);
  const [reset, setReset] = useState(arrived.reset);
  const [usedLink, setUsedLink] = useState(false);
  const ways = useQuery(waysQuery);
  const who = useQuery({ ...whoQuery, enabled: !arrived.link || usedLink });

  const byLink = useMutation({
    mutationFn: async (token: string) => {
      await loginByLink(token);
      await goOn(arrived.next);
    },
    retry: false,
    onError: (thrown, token) => {
      const error = asApiError(thrown);
      const again = error.status === 0 || error.status >= 500; // a used link stays used
      setUsedLink(true);
      show("sign-in");
      tell({ problem: plainly(error), retry: again ? () => follow(token) : undefined });
    },
  });
  function follow(token: string) {
    show("busy");
    tell(null);
    byLink.mutate(token);
  }

  const onLink = useEffectEvent((given: Arrival) => {
    tell(null);
    if (given.link) follow(given.link);
    if (!given.reset) return;
    setReset(given.reset);
    show("reset");
  });
  const { mutate } = byLink;

  useEffect(() => {
    if (arrived.link && !begun) mutate(arrived.link);
    begun = true;
    const listen = () => {
      if (location.hash) onLink(takeAddress());
    };
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, [mutate]);

  const unknown = ways.error && { problem: ways.error, retry: () => void ways.refetch() }; // a password may do all the same
  const notice: Notice | null = told === undefined ? (unknown ?? firstNotice(ways.data)) : told;
  const already = view === "sign-in" && who.data ? { email: who.data, focused: usedLink } : null;
  return { view, show, notice, tell, ways: ways.data ?? null, reset, already, next: arrived.next };
}
