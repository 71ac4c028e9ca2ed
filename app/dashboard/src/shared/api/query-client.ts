import { QueryClient } from "@tanstack/react-query";
import { ApiError, isUnanswered } from "./errors";

const RETRIES = 2;

/** Only what may be different a moment later is asked again: nothing answered, or the server is in trouble. */
const worthARetry = (failures: number, error: Error) =>
  failures < RETRIES && error instanceof ApiError && isUnanswered(error) && error.retryAfter === 0;

export const queryClient = new QueryClient({
  defaultOptions: {
    // The stream of events says what changed (shared/live); asking again on focus is for what it could not tell.
    queries: { staleTime: 15_000, retry: worthARetry, networkMode: "always" },
    // A change carries one key however often it is sent, so it may be sent again: its key is one of its variables, and
    // never made where it is sent (use-once.ts; ESLint looks).
    mutations: { retry: worthARetry, retryDelay: 400, networkMode: "always" },
  },
});
