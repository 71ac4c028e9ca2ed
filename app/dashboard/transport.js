// How the page asks its server, and the one shape that errors have here.

/** What went wrong, in words for a person. */
export class ApiError extends Error {
  /** @param {{title?: string, detail?: string, status?: number, code?: string, retry_after?: number, correlation_id?: string}} problem */
  constructor(problem) {
    super(problem.detail ?? "The server answered with something this page can't read.");
    this.title = problem.title ?? "Something went wrong";
    this.status = problem.status ?? 0;
    this.code = problem.code ?? "";
    this.retryAfter = problem.retry_after ?? 0; // seconds
    this.correlationId = problem.correlation_id ?? "";
  }
}

const SAFE = ["GET", "HEAD"];
let proof = "";
/** @type {(() => void) | null} */
let leave = null;
/** @type {(() => Promise<unknown>) | null} */
let renew = null;

/** @param {string} token goes along with every change: it shows that this page makes it, and no other */
export const prove = (token) => (proof = token);

/**
 * @param {() => void} away called when nobody is signed in any more; whoever asked gets no answer then
 * @param {() => Promise<unknown>} again called when the proof no longer holds, as after signing in anew in another tab
 */
export function whenRefused(away, again) {
  leave = away;
  renew = again;
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

/**
 * Away from here where nobody is signed in; once more where only the proof was stale: a change without it is nobody's.
 * @param {string} method @param {() => Promise<any>} ask
 */
async function allowed(method, ask) {
  try {
    return await ask();
  } catch (/** @type {any} */ error) {
    if (error.status !== 401 || !leave || !renew) throw error;
    if (!SAFE.includes(method)) {
      await renew(); // leaves where nobody is signed in
      return ask();
    }
    leave();
    return new Promise(() => {}); // the page is going
  }
}

/** @param {string} method @returns {Record<string, string>} */
const proven = (method) => (SAFE.includes(method) || !proof ? {} : { "X-CSRF-Token": proof });

/** @param {string} path @param {RequestInit} [init] @returns {Promise<any>} */
export function request(path, init = {}) {
  const method = init.method ?? "GET";
  return allowed(method, async () => {
    let response, text;
    try {
      response = await fetch(path, { cache: "no-cache", ...init, headers: { ...init.headers, ...proven(method) } });
      text = await response.text();
    } catch {
      throw unreachable();
    }
    return understood(response.status, text, response.headers.get("X-Correlation-ID"));
  });
}

/** randomUUID needs a secure context, which a plain http address in a home network isn't. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} path @param {object | undefined} body @param {Record<string, string>} [headers] */
export const post = (path, body, headers = {}) =>
  request(path, {
    method: "POST",
    headers: { "Idempotency-Key": newKey(), ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
    body: body && JSON.stringify(body),
  });

/**
 * Sends a form; `fetch` can't tell how far an upload is.
 * @param {string} path @param {FormData} form @param {Record<string, string>} headers @param {(part: number) => void} onProgress
 * @returns {Promise<any>}
 */
export function send(path, form, headers, onProgress) {
  const once = () =>
    new Promise((resolve, reject) => {
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
      sending.open("POST", path);
      for (const [name, value] of Object.entries({ ...headers, ...proven("POST") })) sending.setRequestHeader(name, value);
      sending.send(form);
    });
  return allowed("POST", once);
}
