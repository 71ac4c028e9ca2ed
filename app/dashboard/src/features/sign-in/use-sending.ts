import { useEffect, useEffectEvent, useState } from "react";
import { asApiError, type ApiError } from "@/shared/api/errors";
import { say } from "@/shared/ui/say";

const TICK_MS = 250;

const inWords = (seconds: number) => `Wait ${seconds >= 60 ? `${Math.floor(seconds / 60)} min ` : ""}${seconds % 60} s`;

/**
 * Sends a form, one at a time. Where the server takes no more for a while, the button counts down the seconds.
 * `label`: what stands on the button meanwhile, null for its own words.
 */
export function useSending(work: () => Promise<void>, onFailed: (error: ApiError) => void, onMayAgain: () => void) {
  const [busy, setBusy] = useState(false);
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  const mayAgain = useEffectEvent(onMayAgain);

  useEffect(() => {
    if (until === 0) return;
    const timer = setInterval(() => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      setLeft(Math.max(0, seconds));
      if (seconds > 0) return;
      setUntil(0);
      mayAgain();
      say("You may try again.");
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [until]);

  async function send() {
    if (busy || left > 0) return;
    setBusy(true);
    try {
      await work();
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.status === 429) {
        const seconds = Math.max(1, error.retryAfter);
        setLeft(seconds);
        setUntil(Date.now() + seconds * 1000);
      }
      onFailed(error);
    } finally {
      setBusy(false);
    }
  }

  return { send, disabled: busy || left > 0, label: busy ? "One moment" : left > 0 ? inWords(left) : null };
}
