import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./errors";

const RETRIES = 2;

/** Only what may be different a moment later is asked again: nothing answered, or the server is in trouble. */
const worthARetry = (failures: number, error: Error) =>
  failures < RETRIES &&
  error instanceof ApiError &&
  (error.status === 0 || error.status >= 500) &&
  error.retryAfter === 0;

export const queryClient = new QueryClient({
  defaultOptions: {
    // The stream of events says what changed (shared/live); asking again on focus is for what it could not tell.
    queries: { staleTime: 15_000, retry: worthARetry, networkMode: "always" },
    // A change carries one key however often it is sent, so it may be sent again.
    mutations: { retry: worthARetry, retryDelay: 400, networkMode: "always" },
  },
});
