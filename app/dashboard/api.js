// The REST API, in the page's words.
import { post, request, send } from "./transport.js";

export { ApiError, newKey } from "./transport.js";

/** @param {Record<string, string | number | boolean | null | undefined>} filter */
export function tasks(filter) {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return request(`/api/v1/tasks?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`);
}

/** @param {number} id */
export const task = (id) => request(`/api/v1/tasks/${id}`);

/** @param {number} id */
export const score = (id) => request(`/api/v1/tasks/${id}/score`);

/** @param {number} id @param {string | null} [cursor] */
export const items = (id, cursor) => request(`/api/v1/tasks/${id}/items?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);

/** Refused where the task changed since it was shown. @param {any} task @param {string} verb @param {object} [body] */
export const act = (task, verb, body) => post(`/api/v1/tasks/${task.id}/${verb}`, body, { "If-Match": `"${task.version}"` });

/** What the task's sources were told last. @param {number} id */
export const writes = (id) => request(`/api/v1/tasks/${id}/writes?limit=5`);

/** @param {number} id @param {boolean} overwrite */
export const retryWrite = (id, overwrite) => post(`/api/v1/writes/${id}/retry`, { overwrite });

/** @param {number} id */
export const cancelWrite = (id) => post(`/api/v1/writes/${id}/cancel`, undefined);

/** @param {number} id */
export const related = (id) => request(`/api/v1/tasks/${id}/related`);

/** Never show the two together again. @param {number} id @param {number} other */
export const notRelated = (id, other) => post(`/api/v1/tasks/${id}/related/${other}/dismiss`, undefined);
export const duplicates = () => request("/api/v1/tasks/duplicates");

/** Items of no task that hold the words, newest first. @param {string} q @param {number} limit @param {string | null} [cursor] */
export const context = (q, limit, cursor) => request(`/api/v1/items?${new URLSearchParams({ q, context: "true", limit: String(limit), ...(cursor ? { cursor } : {}) })}`);

/** @param {number} itemId */
export const makeTask = (itemId) => post(`/api/v1/items/${itemId}/task`, undefined);

/** @param {string | null} [cursor] */
export const perhapsOne = (cursor) => request(`/api/v1/people/suggestions${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);

/** @param {number} id @param {number} into */
export const mergePeople = (id, into) => post(`/api/v1/people/${id}/merge`, { into });

/** @param {number} id @param {string} address */
export const separate = (id, address) => post(`/api/v1/people/${id}/separate`, { address });

/** @param {number} a @param {number} b */
export const perhapsOneAgain = (a, b) => request(`/api/v1/people/suggestions/dismiss?a=${a}&b=${b}`, { method: "DELETE" });

/** @param {number} a @param {number} b */
export const notOne = (a, b) => post("/api/v1/people/suggestions/dismiss", { a, b });

/** @param {number} id @param {boolean} isUs */
export const oneOfUs = (id, isUs) =>
  request(`/api/v1/people/${id}`, { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ is_us: isUs }) });

/** @param {string} token */
export const undo = (token) => post(`/api/v1/undo/${encodeURIComponent(token)}`, undefined);

/** @param {number} id */
export const run = (id) => request(`/api/v1/sync/runs/${id}`);

/** @param {number} id @param {string | null} cursor */
export const warnings = (id, cursor) => request(`/api/v1/sync/runs/${id}/warnings?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
export const lastRun = () => request("/api/v1/sync/runs?limit=1");
export const integrations = () => request("/api/v1/integrations");
export const sample = () => request("/api/v1/sample");
export const clearSample = () => request("/api/v1/sample", { method: "DELETE" });
export const health = () => request("/health");

/**
 * What a person says of reading a table: columns to fields (null leaves one out), the order of dates, a time zone.
 * @typedef {{columns: Record<string, string | null>, dayFirst: boolean | null, zone: string}} Corrections
 */

/** @param {File} file @param {Corrections | null} corrections */
function formOf(file, corrections) {
  const form = new FormData();
  form.append("file", file, file.name);
  if (corrections && Object.keys(corrections.columns).length) form.append("columns", JSON.stringify(corrections.columns));
  if (corrections && corrections.dayFirst !== null) form.append("day_first", String(corrections.dayFirst));
  if (corrections?.zone) form.append("zone", corrections.zone);
  return form;
}

/**
 * How a file's tables would be read; nothing is stored.
 * @param {File} file @param {Corrections | null} corrections @param {(part: number) => void} [onProgress]
 */
export const preview = (file, corrections, onProgress = () => {}) => send("/api/v1/integrations/import/preview", formOf(file, corrections), {}, onProgress);

/**
 * The same key makes a retry import once.
 * @param {File} file @param {boolean} onlyMe nobody else is to see it @param {string} key @param {Corrections | null} corrections @param {(part: number) => void} onProgress
 */
export function importFile(file, onlyMe, key, corrections, onProgress) {
  const form = formOf(file, corrections);
  if (onlyMe) form.append("private", "true");
  return send("/api/v1/integrations/import", form, { "Idempotency-Key": key }, onProgress);
}
