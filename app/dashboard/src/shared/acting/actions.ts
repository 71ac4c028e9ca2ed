import { api, bodyOf, type Schema } from "../api/client";
import type { Task } from "../api/tasks";
import { shortly } from "../time/words";
import { seen } from "../ui/outside";

/** What a person can do with one task. Each is one request, answered with the task and how to undo it. */
export type Action =
  | { verb: "complete" }
  | { verb: "reopen" }
  | { verb: "snooze"; until: string }
  | { verb: "decline"; reason: string }
  | { verb: "assign"; user: string | null }
  | { verb: "edit"; changes: Schema<"TaskPatch"> }
  | { verb: "merge"; into: number }
  | { verb: "delete" };

/** `task` is the one that stays; null where none does. */
export type Acted = { task: Task | null; undo: Schema<"UndoOut"> };

/** Sends it once, however often it is repeated under the same key. With `version`, only if nobody changed the task since. */
export function perform(id: number, action: Action, key: string, version: number | null): Promise<Acted> {
  const header = { "Idempotency-Key": key, ...(version === null ? {} : { "If-Match": `"${version}"` }) };
  const params = { path: { task_id: id }, header };
  switch (action.verb) {
    case "complete":
      return bodyOf(api.POST("/api/v1/tasks/{task_id}/complete", { params }));
    case "reopen":
      return bodyOf(api.POST("/api/v1/tasks/{task_id}/reopen", { params }));
    case "snooze":
      return bodyOf(api.POST("/api/v1/tasks/{task_id}/snooze", { params, body: { until: action.until } }));
    case "decline":
      return bodyOf(api.POST("/api/v1/tasks/{task_id}/decline", { params, body: { reason: action.reason } }));
    case "assign":
      return bodyOf(api.POST("/api/v1/tasks/{task_id}/assign", { params, body: { user: action.user } }));
    case "edit":
      return bodyOf(api.PATCH("/api/v1/tasks/{task_id}", { params, body: action.changes }));
    case "merge":
      return bodyOf(api.POST("/api/v1/tasks/{task_id}/merge", { params, body: { into: action.into } }));
    case "delete":
      return bodyOf(api.DELETE("/api/v1/tasks/{task_id}", { params })).then(({ undo }) => ({ task: null, undo }));
  }
}

/** The task as it will be, for showing it before the server has answered; null where it will be gone. */
export function foreseen(task: Task, action: Action): Task | null {
  switch (action.verb) {
    case "complete":
      return { ...task, status: "done" };
    case "reopen":
      return { ...task, status: "open", snoozed_until: null, status_reason: null };
    case "snooze":
      return { ...task, status: "snoozed", snoozed_until: action.until };
    case "decline":
      return { ...task, status: "declined", status_reason: action.reason };
    case "assign":
      return { ...task, assignee: action.user };
    case "edit":
      return foreseenEdit(task, action.changes);
    case "merge":
    case "delete":
      return null;
  }
}

function foreseenEdit(task: Task, changes: Schema<"TaskPatch">): Task {
  const given = Object.fromEntries(Object.entries(changes).filter(([name]) => name in task));
  return { ...task, ...given };
}

const SAID: Record<Exclude<Action["verb"], "edit">, string> = {
  complete: "Completed",
  reopen: "Reopened",
  snooze: "Snoozed",
  decline: "Declined",
  assign: "Assigned",
  merge: "Merged",
  delete: "Deleted",
};

/** What happened, in a few words, for the notice that offers to undo it. */
export function said(action: Action): string {
  if (action.verb !== "edit") return SAID[action.verb];
  const { due_at, labels, priority, project } = action.changes;
  const words = [
    "due_at" in action.changes && (due_at ? `Due ${shortly(due_at)}` : "No due date"),
    labels && (labels.length > 0 ? `Labels ${labels.map(seen).join(", ")}` : "No labels"),
    "priority" in action.changes && (priority ? `Priority ${seen(priority)}` : "No priority"),
    "project" in action.changes && (project ? `Project ${seen(project)}` : "No project"),
    "title" in action.changes && "Renamed",
    "notes" in action.changes && "Notes written",
  ].filter((each) => typeof each === "string");
  return words.length > 0 ? words.join(", ") : "Changed";
}
