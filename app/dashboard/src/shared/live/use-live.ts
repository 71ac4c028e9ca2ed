import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { liveStream, type LiveEvent, type LiveState } from "./stream";

export const useLiveState = (): LiveState => useSyncExternalStore(liveStream.onState, liveStream.current);

/** Calls `handler` for each event of the stream, with the handler of the latest rendering. */
export function useLiveEvents(handler: (event: LiveEvent) => void) {
  const latest = useEffectEvent(handler);
  useEffect(() => liveStream.onEvent((event) => latest(event)), []);
}
