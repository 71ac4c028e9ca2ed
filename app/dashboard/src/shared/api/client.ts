import createClient from "openapi-fetch";
import { ApiError, unreachable, type Problem } from "./errors";
import type { components, paths } from "./schema";

/** What the API's answers are called in its description: `Schema<"TaskOut">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

const SAFE = new Set(["GET", "HEAD"]);

let proof = "";
let leave: () => void = () => undefined;
let renew: () => Promise<unknown> = () => Promise.resolve();

/** The token that goes along with every change: it shows that this page makes it, and no other. */
export function prove(token: string) {
  proof = token;
}

export function provenHeaders(): Record<string, string> {
  return proof ? { "X-CSRF-Token": proof } : {};
}

/** `away`: nobody is signed in any more. `again`: the proof no longer holds, as after signing in anew in another tab. */
export function whenRefused(away: () => void, again: () => Promise<unknown>) {
  leave = away;
  renew = again;
}

export async function problemOf(response: Response): Promise<ApiError> {
  const correlation_id = response.headers.get("X-Correlation-ID") ?? "";
  const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return new ApiError({ correlation_id, ...body, status: response.status });
}

async function once(request: Request): Promise<Response> {
  if (!SAFE.has(request.method))
    for (const [name, value] of Object.entries(provenHeaders())) request.headers.set(name, value);
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
}

/** Once more where only the proof was stale: a change without it is nobody's. Away where nobody is signed in. */
export async function answered(safe: boolean, ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  if (response.status === 401 && !safe) {
    await renew();
    response = await ask();
  }
  if (response.status === 401 && safe) leave();
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** A request's body can be sent once only: each asking takes a copy. */
const send = (request: Request): Promise<Response> =>
  answered(SAFE.has(request.method), () => once(SAFE.has(request.method) ? request : request.clone()));

/**
 * The API, by its own description. Raises an ApiError for whatever is no success.
 *
 * Sign-in has a client of its own (`open`): there a 401 is an answer about a password.
 */
export const api = createClient<paths>({ fetch: send, cache: "no-cache" });

export const open = createClient<paths>({
  cache: "no-cache",
  fetch: async (request) => {
    const response = await once(request);
    if (!response.ok) throw await problemOf(response);
    return response;
  },
});

/** The body of an answer that has one. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new ApiError({});
  return data;
}

/** For the `Idempotency-Key` of one act, however often it is sent. randomUUID needs a secure context, which plain http in a home network isn't. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
