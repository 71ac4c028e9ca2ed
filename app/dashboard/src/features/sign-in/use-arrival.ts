import { useEffect, useEffectEvent, useState } from "react";
import { ApiError, asApiError } from "@/shared/api/errors";
import { destination, takeAddress, type Arrival } from "./address";
import { cookieWasKept, loginByLink, ways as askWays, whoIsHere, type Ways } from "./calls";

const REFUSED = "That did not sign you in";

export type View = "busy" | "sign-in" | "forgot" | "reset";
export type Notice = { problem: ApiError; retry?: (() => void) | undefined } | { sentence: string };

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

/** Follows what a link brought, at the start and in a tab that stands here already; and what may be done here. */
export function useArrival() {
  const [view, show] = useState<View>("busy");
  const [notice, tell] = useState<Notice | null>(null);
  const [ways, setWays] = useState<Ways | null>(null);
  const [reset, setReset] = useState("");
  const [already, setAlready] = useState<{ email: string; focused: boolean } | null>(null);

  async function byLink(token: string) {
    try {
      await loginByLink(token);
      await goOn(arrived.next);
    } catch (thrown) {
      const error = asApiError(thrown);
      setWays(await askWays().catch(() => null)); // a password may still do
      show("sign-in");
      const again = error.status === 0 || error.status >= 500; // a used link stays used
      tell({ problem: plainly(error), retry: again ? () => follow(token) : undefined });
      const email = await whoIsHere();
      if (email !== null) setAlready({ email, focused: true });
    }
  }

  function follow(token: string) {
    show("busy");
    tell(null);
    void byLink(token);
  }

  async function begin() {
    if (arrived.link) return byLink(arrived.link);
    try {
      const known = await askWays();
      setWays(known);
      if (arrived.error !== null) {
        const detail = (known.errors as Record<string, string | undefined>)[arrived.error] ?? "Try again.";
        tell({ problem: new ApiError({ title: REFUSED, detail }) });
      } else if (arrived.ended) tell({ sentence: "You were signed out. Sign in again to go on." });
    } catch (error) {
      tell({ problem: asApiError(error), retry: () => location.reload() }); // a password may do all the same
    }
    setReset(arrived.reset);
    show(arrived.reset ? "reset" : "sign-in");
    const email = arrived.reset ? null : await whoIsHere();
    if (email !== null) setAlready({ email, focused: false });
  }

  const onLink = useEffectEvent((given: Arrival) => {
    tell(null);
    if (given.link) follow(given.link);
    if (!given.reset) return;
    setReset(given.reset);
    show("reset");
  });
  const onBegin = useEffectEvent(begin);

  useEffect(() => {
    if (!begun) void onBegin();
    begun = true;
    const listen = () => {
      if (location.hash) onLink(takeAddress());
    };
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, []);

  return { view, show, notice, tell, ways, reset, already, next: arrived.next };
}
