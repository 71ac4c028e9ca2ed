import { span } from "../time/words";
import { count, several } from "../ui/numbers";
import type { Run } from "./queries";

type Counts = Pick<Run, "read" | "new" | "updated" | "unchanged" | "refused">;

/** The counts, as a sum that anyone can check. */
export const equation = (run: Counts) =>
  `${count(run.read)} read = ${count(run.new)} new + ${count(run.updated)} updated + ` +
  `${count(run.unchanged)} unchanged + ${count(run.refused)} refused`;

/** What became of tasks, and of what is no task. */
export function becameOf(run: Pick<Run, "tasks" | "context" | "gone">): string {
  const { not_for_us: aside, new: made, updated } = run.tasks;
  const which = aside === made ? "" : `${count(aside)} of them `;
  const said = [
    `${several(made, "new task")}${aside ? `, ${which}set aside as not for us, each with its reason` : ""}; ` +
      `${count(updated)} updated.`,
  ];
  if (run.context)
    said.push(
      `${several(run.context, "line or page", "lines and pages")} asked for nothing: kept, and found by search.`,
    );
  if (run.gone) said.push(`${several(run.gone, "item")} deleted at the source.`);
  return said.join(" ");
}

/** What it brought, in a few words, for a row of a list. */
export function brought(run: Counts & Pick<Run, "gone">): string {
  const parts = [
    run.new > 0 && `${count(run.new)} new`,
    run.updated > 0 && `${count(run.updated)} updated`,
    run.gone > 0 && `${count(run.gone)} deleted`,
    run.refused > 0 && `${count(run.refused)} refused`,
  ].filter((part) => part !== false);
  if (parts.length > 0) return parts.join(", ");
  return run.read > 0 ? `${count(run.read)} read, nothing new` : "Nothing new";
}

export const STATE_WORDS: Record<Run["state"], string> = {
  queued: "Waiting for its turn",
  running: "Running",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Stopped",
};

export const REASON_WORDS: Record<Run["reason"], string> = {
  import: "Import",
  schedule: "On schedule",
  request: "Asked for",
};

/** How long it took; null before it ended. */
export function took(run: Pick<Run, "started_at" | "finished_at">): string | null {
  if (!run.started_at || !run.finished_at) return null;
  const ms = Date.parse(run.finished_at) - Date.parse(run.started_at);
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}
