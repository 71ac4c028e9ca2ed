import type { Integration, Kind } from "@/shared/api/integrations";
import { span } from "@/shared/time/words";

/** The one thing to do about it. `wait`: nothing, it goes on by itself. */
export type Fix =
  | { act: "connect" | "reconnect" | "resume" | "sync"; label: string }
  | { act: "settings" | "unreadable"; label: string }
  | { act: "wait" };

export type Standing = { words: string; fix: Fix | null };

/** It has a service to be pulled from, nothing else to live on, and no account yet. */
export const isUnconnected = (integration: Pick<Integration, "gateway" | "items">, kind: Kind | undefined) =>
  Boolean(kind?.live) && integration.gateway === null && (kind?.file_hint === "" || integration.items === 0);

/** How it is cut off from its service for now: a breaker that is open lets nothing through. */
export function breakerWords(breaker: Integration["breaker"], now: number): string | null {
  if (!breaker || breaker.state === "closed") return null;
  if (breaker.state === "half_open") return "One request at a time tries whether its service is back.";
  const left = breaker.retry_at ? Date.parse(breaker.retry_at) - now : 0;
  const when = left > 0 ? `in ${inWords(left)}` : "now";
  return `Its service failed ${breaker.failures} times in a row and is left alone; the next try is ${when}.`;
}

const inWords = (ms: number) => (ms < 60_000 ? `${Math.max(1, Math.ceil(ms / 1000))} s` : span(ms));

/** When it is pulled next. */
export function nextWords(next: string | null, now: number): string | null {
  if (!next) return null;
  const left = Date.parse(next) - now;
  return left > 0 ? `next in ${inWords(left)}` : "next any moment";
}

/** How old what is known of the source is. `asked` is the moment at which the server said so. */
export function knownWords(integration: Pick<Integration, "cursor_age_s" | "live">, asked: number, now: number) {
  if (integration.cursor_age_s === null) return "nothing known yet";
  const age = integration.cursor_age_s * 1000 + Math.max(0, now - asked);
  const how = integration.live ? "known up to" : "as of";
  return age < 60_000 ? `${how} just now` : `${how} ${span(age)} ago`;
}

/** Where the cause of a failure lies decides what helps. */
function fixOfFailure(cause: string | null | undefined): Fix {
  if (cause === "refused") return { act: "settings", label: "Check its settings" };
  if (cause === "unreadable") return { act: "unreadable", label: "See what could not be read" };
  return { act: "sync", label: "Try now" };
}

/** How an integration stands, in words, and the one fix. */
export function standingOf(integration: Integration, kind: Kind | undefined): Standing {
  const { state, last_error: error } = integration;
  if (isUnconnected(integration, kind) && state !== "syncing" && state !== "paused")
    return { words: "No account is connected yet", fix: { act: "connect", label: "Connect…" } };
  switch (state) {
    case "needs_reconnect":
      return {
        words: "Its access was lost: connect the account again",
        fix: { act: "reconnect", label: "Reconnect…" },
      };
    case "rate_limited":
      return { words: "Its service asks us to wait", fix: { act: "wait" } };
    case "failing":
      return { words: "Every pull fails", fix: fixOfFailure(error?.cause) };
    case "retrying":
      return { words: "The last pull failed; it is tried again", fix: fixOfFailure(error?.cause) };
    case "paused":
      return { words: "Paused: nothing is pulled", fix: { act: "resume", label: "Resume" } };
    case "syncing":
      return { words: integration.live ? "Being pulled" : "Being imported into", fix: null };
    case "new":
      return { words: integration.live ? "Waits for its first pull" : "Nothing imported yet", fix: null };
    case "ok":
      return { words: integration.live ? "Up to date" : "Imported", fix: null };
  }
}

/** Whether a person has to do something before it goes on. */
export function needsSomebody(integration: Integration, kind: Kind | undefined): boolean {
  const { fix } = standingOf(integration, kind);
  return (
    integration.state === "failing" || fix?.act === "reconnect" || fix?.act === "connect" || fix?.act === "settings"
  );
}
