import type { Schema } from "@/shared/api/client";

type Counts = Pick<Schema<"TaskCounts">, "kind" | "turn">;

/** Where people write to each other: there it is somebody's turn, once it is known who "we" are. */
const CONVERSATIONS = new Set(["gmail", "mbox", "maildir", "eml", "slack"]);

/** Whether conversations are there and of none is known whose turn it is, as where nobody said which addresses are ours. */
export function isUnknownWhoWeAre({ kind, turn }: Counts): boolean {
  const talks = kind.values.some(({ value, count }) => count > 0 && CONVERSATIONS.has(value));
  const known = turn.values.some(({ value, count }) => count > 0 && (value === "ours" || value === "theirs"));
  return talks && !known;
}
