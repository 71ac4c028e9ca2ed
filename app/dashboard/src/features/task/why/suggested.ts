import type { Action } from "@/shared/acting/actions";
import type { Supposition } from "../queries";

/** What a suggestion would have one do: an act on a task, which may be another one. null: no single act does it. */
export type Suggested = { task: number; action: Action };

const PATH = /^\/api\/v1\/tasks\/(\d+)(?:\/(complete|assign))?$/;

/** Reads the request that the server suggests. Only what this page can do and undo is taken. */
export function suggested(request: Supposition["do"]): Suggested | null {
  const found = request ? PATH.exec(request.path) : null;
  if (!request || !found) return null;
  const task = Number(found[1]);
  const verb = found[2];
  if (request.method === "PATCH" && !verb && request.body)
    return { task, action: { verb: "edit", changes: request.body } };
  if (request.method === "POST" && verb === "complete") return { task, action: { verb: "complete" } };
  const user = request.body?.user;
  if (request.method === "POST" && verb === "assign" && (typeof user === "string" || user === null))
    return { task, action: { verb: "assign", user } };
  return null;
}
