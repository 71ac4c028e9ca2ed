import { useState } from "react";
import type { Connection } from "./queries";

/**
 * Whether access was given by a link that was waited for: one that was asked for here, or that waited already when this
 * was opened. An account that was connected before anybody asked is none: another one may be wanted.
 */
export function useGiven(state: Connection["state"] | undefined, isAsked: boolean): boolean {
  const [hasWaited, setHasWaited] = useState(false);
  if (state === "pending" && !hasWaited) setHasWaited(true);
  return (hasWaited || isAsked) && state === "active";
}
