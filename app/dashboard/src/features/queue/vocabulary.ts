import type { Schema } from "@/shared/api/client";
import type { Task, TaskParameters } from "@/shared/api/tasks";
import { STATUS_WORDS, TURN_WORDS } from "@/shared/ui/task-words";

type View = Schema<"ViewOut">;
type Values<Name extends keyof TaskParameters> =
  NonNullable<TaskParameters[Name]> extends (infer Value)[] ? Value : never;

export type Status = Task["status"];
export type Sort = View["sort"];
export type GroupBy = View["group_by"];
export type Column = View["columns"][number];
export type Due = Values<"due">;
export type Turn = Values<"turn">;

export { STATUS_WORDS, TURN_WORDS };

/** All that a closed list holds, in the order people expect, with the words for it. */
const wordsOf = <Value extends string>(words: Record<Value, string>) => Object.keys(words) as Value[];

export const BAND_WORDS: Record<Task["band"], string> = {
  now: "Now",
  next: "Next",
  later: "Later",
  someday: "Someday",
};
export const TIER_WORDS: Record<Task["tier"], string> = {
  pinned: "Pinned",
  normal: "Not pinned or held",
  held: "Held back",
};
export const DUE_WORDS: Record<Due, string> = {
  overdue: "Overdue",
  day: "Within 24 hours",
  week: "Within 7 days",
  later: "Later",
  none: "No due date",
};
export const SORT_WORDS: Record<Sort, string> = {
  rank: "Rank",
  due_at: "Due first",
  created_at: "Oldest first",
  "-created_at": "Newest first",
  "-updated_at": "Changed last first",
  updated_at: "Changed longest ago first",
};
export const GROUP_WORDS: Record<GroupBy, string> = {
  band: "Band",
  integration: "Integration",
  assignee: "Assignee",
  turn: "Turn",
  due: "Due",
  project: "Project",
  none: "Nothing",
};
export const COLUMN_WORDS: Record<Column, string> = {
  from: "From",
  source: "Source",
  due: "Due",
  turn: "Turn and state",
  assignee: "Assignee",
  score: "Score",
  reasons: "Reasons",
  labels: "Labels",
  project: "Project",
  priority: "Priority",
  age: "Age",
};

export const STATUSES = wordsOf(STATUS_WORDS);
export const BANDS = wordsOf(BAND_WORDS);
export const TIERS = wordsOf(TIER_WORDS);
export const TURNS = wordsOf(TURN_WORDS);
export const DUES = wordsOf(DUE_WORDS);
export const SORTS = wordsOf(SORT_WORDS);
export const GROUP_BY = wordsOf(GROUP_WORDS);
export const COLUMNS = wordsOf(COLUMN_WORDS);

export const STANDARD_COLUMNS: readonly Column[] = ["from", "due", "turn", "assignee", "score", "reasons"];
