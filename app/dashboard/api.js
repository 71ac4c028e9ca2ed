// The REST API, and the one shape its errors have here.

/** What went wrong, in words for a person. */
export class ApiError extends Error {
  /** @param {{title?: string, detail?: string, status?: number, correlation_id?: string}} problem */
  constructor(problem) {
    super(problem.detail ?? "The server answered with something this page can't read.");
    this.title = problem.title ?? "Something went wrong";
    this.status = problem.status ?? 0;
    this.correlationId = problem.correlation_id ?? "";
  }
}

const unreachable = () => new ApiError({ title: "The server does not answer", detail: "It may be restarting, or the connection is lost." });

/** @param {number} status @param {string} text @param {string | null} correlationId @returns {any} */
function understood(status, text, correlationId) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  if (status === 204) return null;
  if (body !== null && status >= 200 && status < 300) return body;
  throw new ApiError({ correlation_id: correlationId ?? "", ...body, status });
}

/** @param {string} path @param {RequestInit} [init] @returns {Promise<any>} */
async function request(path, init = {}) {
  let response, text;
  try {
    response = await fetch(path, { cache: "no-cache", ...init });
    text = await response.text();
  } catch {
    throw unreachable();
  }
  return understood(response.status, text, response.headers.get("X-Correlation-ID"));
}

/** randomUUID needs a secure context, which a plain http address in a home network isn't. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} path @param {object | undefined} body @param {Record<string, string>} [headers] */
const post = (path, body, headers = {}) =>
  request(path, {
    method: "POST",
    headers: { "Idempotency-Key": newKey(), ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
    body: body && JSON.stringify(body),
  });

/** @param {Record<string, string | number | boolean | null | undefined>} filter */
export function tasks(filter) {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return request(`/api/v1/tasks?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`);
}

/** @param {number} id */
export const score = (id) => request(`/api/v1/tasks/${id}/score`);

/** @param {number} id @param {string | null} [cursor] */
export const items = (id, cursor) => request(`/api/v1/tasks/${id}/items?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);

/** Refused where the task changed since it was shown. @param {any} task @param {string} verb @param {object} [body] */
export const act = (task, verb, body) => post(`/api/v1/tasks/${task.id}/${verb}`, body, { "If-Match": `"${task.version}"` });

/** @param {string} token */
export const undo = (token) => post(`/api/v1/undo/${encodeURIComponent(token)}`, undefined);

/** @param {number} id */
export const run = (id) => request(`/api/v1/sync/runs/${id}`);
export const lastRun = () => request("/api/v1/sync/runs?limit=1");
export const integrations = () => request("/api/v1/integrations");
export const sample = () => request("/api/v1/sample");
export const clearSample = () => request("/api/v1/sample", { method: "DELETE" });
export const health = () => request("/health");

/**
 * Uploads a file; `fetch` can't tell how far an upload is. The same key makes a retry import once.
 * @param {File} file @param {string} key @param {(part: number) => void} onProgress @returns {Promise<any>}
 */
export function importFile(file, key, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file, file.name);
    const sending = new XMLHttpRequest();
    sending.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    sending.onerror = () => reject(unreachable());
    sending.onload = () => {
      try {
        resolve(understood(sending.status, sending.responseText, sending.getResponseHeader("X-Correlation-ID")));
      } catch (error) {
        reject(error);
      }
    };
    sending.open("POST", "/api/v1/integrations/import");
    sending.setRequestHeader("Idempotency-Key", key);
    sending.send(form);
  });
}
