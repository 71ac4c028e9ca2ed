import { absolute } from "@/shared/time/words";
import { count } from "@/shared/ui/numbers";
import { placeName } from "@/shared/ui/outside";
import type { HistoryLine, Write } from "../queries";

/** One thing that changed, before and after, in words. */
export type Change = { field: string; before: string; after: string };
/** One line of the timeline: who did what (`did` follows the name as it stands), and what that changed besides. */
export type Told = { id: string; at: string; who: string; did: string; changes: Change[]; write: Write | null };

const FIELDS: Record<string, string> = {
  title: "Title",
  status: "Status",
  status_reason: "Reason",
  assignee: "Assignee",
  due_at: "Due",
  snoozed_until: "Snoozed until",
  labels: "Labels",
  priority: "Priority",
  project: "Project",
  notes: "Notes",
  dependencies: "Waits for",
  scheduled_at: "Planned for",
  started_at: "Begun",
};
/** Within a sentence. */
const NOUNS: Record<string, string> = {
  due_at: "the due date",
  dependencies: "what it waits for",
  scheduled_at: "when it is planned for",
  started_at: "when it was begun",
  snoozed_until: "until when it is snoozed",
};
const STATUSES: Record<string, string> = {
  open: "open",
  snoozed: "snoozed",
  done: "done",
  declined: "declined",
  not_for_us: "set aside",
};
const ACTORS: Record<string, string> = {
  import: "An import",
  clock: "The clock",
  watchfloor: "Watchfloor",
  somebody: "Somebody",
};
const LONG = 160;

export const whoOf = (actor: string, me: string | null) => (actor === me ? "You" : (ACTORS[actor] ?? actor));

type Pair = readonly [unknown, unknown];

function pairsOf(line: HistoryLine): [string, Pair][] {
  return Object.entries(line.changes).flatMap(([field, pair]) =>
    Array.isArray(pair) && pair.length === 2 && FIELDS[field] ? [[field, [pair[0], pair[1]] as const]] : [],
  );
}

function words(field: string, value: unknown): string {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    return "none";
  if (Array.isArray(value))
    return value.map((each) => (field === "dependencies" ? `#${each}` : String(each))).join(", ");
  if (typeof value === "number") return count(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (field === "status") return STATUSES[text] ?? text;
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return absolute(text);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

const listed = (names: readonly string[]) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "");

/** Merging and splitting are told from either side: of the task they were done to, and of the one that came of it. */
function joined(detail: string): string | null {
  if (/^(Merged into|Split off from) /.test(detail))
    return detail.replace(/^Merged/, "merged it").replace(/^Split/, "split it");
  return /^(Merged|Split) /.test(detail) ? detail.charAt(0).toLowerCase() + detail.slice(1) : null;
}

/** What was done, after the name of who did it, and the fields that this tells already. null: its detail is a sentence of its own. */
function deed(line: HistoryLine): [string | null, readonly string[]] {
  const of = Object.fromEntries(pairsOf(line));
  const [, until] = of.snoozed_until ?? [];
  const [from, to] = of.assignee ?? [];
  switch (line.verb) {
    case "complete":
      return ["completed it.", ["status", "status_reason", "snoozed_until"]];
    case "reopen":
      return ["reopened it.", ["status", "status_reason", "snoozed_until"]];
    case "snooze":
      return until ? [`snoozed it until ${words("snoozed_until", until)}.`, ["status", "snoozed_until"]] : [null, []];
    case "decline":
      return [`declined it${line.detail.replace(/^Declined/, "")}`, ["status", "status_reason", "snoozed_until"]];
    case "assign":
      if (to)
        return [
          `assigned it to ${words("assignee", to)}${from ? `, instead of ${words("assignee", from)}` : ""}.`,
          ["assignee"],
        ];
      return [from ? `took it from ${words("assignee", from)}: it is nobody's now.` : null, ["assignee"]];
    case "edit": {
      const names = pairsOf(line).map(([field]) => NOUNS[field] ?? `the ${(FIELDS[field] ?? field).toLowerCase()}`);
      return [`changed ${listed(names) || "it"}.`, []];
    }
    case "created":
      return [line.detail === "Created by hand." ? "wrote it here by hand." : "made a task of the message.", []];
    case "merge":
    case "split":
      return [joined(line.detail), []];
    case "undone":
      return [`took back: ${line.detail.replace(/^Took back: /, "")}`, []];
    default:
      return [null, []];
  }
}

export function ofHistory(line: HistoryLine, me: string | null): Told {
  const [did, told] = deed(line);
  const changes = pairsOf(line)
    .filter(([field]) => !told.includes(field))
    .map(([field, [before, after]]) => ({
      field: FIELDS[field] ?? field,
      before: words(field, before),
      after: words(field, after),
    }));
  return {
    id: `line-${line.id}`,
    at: line.at,
    who: whoOf(line.actor, me),
    did: did === null ? `: ${line.detail}` : ` ${did}`,
    changes,
    write: null,
  };
}

const TOLD: Record<Write["state"], string> = {
  pending: "is to be told",
  sending: "is being told",
  done: "was told",
  refused: "was not told",
  conflict: "was not told",
  cancelled: "is not told",
};
const MARKS: Record<Write["mark"], string> = {
  open: "that this is open",
  waiting: "that we wait for an answer",
  snoozed: "that this is snoozed",
  done: "that this is done",
  declined: "that this is declined",
};

/** What a source was told, or is not told, and why. */
export const ofWrite = (write: Write): Told => ({
  id: `write-${write.id}`,
  at: write.ended_at ?? write.created_at,
  who: write.integration ? placeName(write.integration) : "Its source",
  did: ` ${TOLD[write.state]} ${MARKS[write.mark]}.${write.why ? ` ${write.why}` : ""}`,
  changes: [],
  write,
});

/** Of these the writes tell more. */
const TOLD_BY_WRITES = new Set(["written", "not written"]);

type Loaded<T> = { lines: readonly T[]; more: boolean };

/**
 * Both in one, the newest first. Where one of them goes on beyond what is loaded, nothing older than that is shown of
 * the other: no line may appear above one that was read already.
 */
export function timeline(history: Loaded<HistoryLine>, writes: Loaded<Write>, me: string | null): Told[] {
  const oldest = (loaded: Loaded<unknown>, at: string | undefined) => (loaded.more && at ? Date.parse(at) : -Infinity);
  const from = Math.max(oldest(history, history.lines.at(-1)?.at), oldest(writes, writes.lines.at(-1)?.created_at));
  const known = history.lines.filter((line) => !TOLD_BY_WRITES.has(line.verb) || writes.lines.length === 0);
  return [...known.map((line) => ofHistory(line, me)), ...writes.lines.map(ofWrite)]
    .filter((line) => Date.parse(line.at) >= from)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
