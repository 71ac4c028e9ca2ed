import { absolute, span } from "@/shared/time/words";
import { several } from "@/shared/ui/numbers";
import type { Part, Status } from "../queries";

const SECOND = 1000;

const KINDS: Record<string, string> = {
  database: "where everything is stored",
  network: "the way to services outside",
  gateway: "behind it stand the services",
  jobs: "imports, pulls, writes, scores",
};

/** What a part is, for those who see its name for the first time; of an integration its kind. */
export const aboutPart = ({ kind }: Pick<Part, "kind">) => KINDS[kind] ?? kind.replaceAll("_", " ");

const untilThen = (ms: number) => (ms < 60 * SECOND ? `${Math.max(1, Math.ceil(ms / SECOND))} s` : span(ms));

/** What the circuit breaker of a part's service does. */
export function breakerWords(breaker: Part["breaker"], now: number): string {
  if (!breaker) return "–";
  const failed = breaker.failures > 0 ? `, ${several(breaker.failures, "failure")} in a row` : "";
  switch (breaker.state) {
    case "closed":
      return `closed: calls go through${failed}`;
    case "half_open":
      return `half open: one call at a time tries it${failed}`;
    case "open": {
      const left = breaker.retry_at ? Date.parse(breaker.retry_at) - now : 0;
      return `open: left alone${failed}; next try ${left > 0 ? `in ${untilThen(left)}` : "any moment"}`;
    }
  }
}

/** What waits, and what goes on. */
export function workWords({ queued, running, oldest_due_s: oldest }: Status["jobs"]): string {
  const going = running > 0 ? several(running, "run goes on", "runs go on") : "Nothing runs";
  const waits = queued > 0 ? several(queued, "waits", "wait") : "nothing waits";
  const late = oldest === null ? "" : `; what is due longest has waited for ${untilThen(oldest * SECOND)}`;
  return `${going}, ${waits}${late}.`;
}

const line = (part: Part, now: number) =>
  [
    `- ${part.name} (${part.kind}): ${part.level} since ${absolute(part.since)}. ${part.reason}`,
    part.breaker && part.breaker.state !== "closed" ? `  Breaker ${breakerWords(part.breaker, now)}.` : null,
  ]
    .filter((each) => each !== null)
    .join("\n");

/** The whole of it as plain text, to be sent to whoever can help. */
export function statusText(status: Status, now: number): string {
  const { jobs } = status;
  return [
    `Watchfloor ${status.version}, ${absolute(new Date(now))}`,
    `${status.level} since ${absolute(status.since)}. ${status.reason}`,
    "",
    ...status.dependencies.map((part) => line(part, now)),
    ...(status.more > 0 ? [`- and ${several(status.more, "more integration")}`] : []),
    "",
    `Jobs: ${workWords(jobs)}`,
    ...(jobs.warning ? [jobs.warning] : []),
    ...jobs.workers.map((each) => `- ${each.role} on ${each.host}, process ${each.pid}, version ${each.version}`),
  ].join("\n");
}
