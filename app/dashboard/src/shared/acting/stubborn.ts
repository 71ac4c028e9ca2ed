import { asApiError } from "../api/errors";

const WAIT_MS = [400, 1500];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends something again where no answer came, or the server was in trouble. What is sent carries the same
 * Idempotency-Key each time: a repeat after a lost answer does it once.
 */
export async function stubbornly<T>(send: () => Promise<T>): Promise<T> {
  for (const wait of WAIT_MS) {
    try {
      return await send();
    } catch (error) {
      const { status, retryAfter } = asApiError(error);
      if (status !== 0 && (status < 500 || retryAfter > 0)) throw error;
      await pause(wait);
    }
  }
  return send();
}
