const AGAIN_MS = 2_000;

/**
 * A part of the program that is fetched when it is needed. Where it can't be had, because the server is away or a new
 * version was built, it is tried again and again, and what stands in for it stays: whether to load the page anew is
 * decided elsewhere (app/renewed.ts).
 */
export async function arriving<T>(fetchPart: () => Promise<T>): Promise<T> {
  for (;;) {
    const part = (await fetchPart()) as T | undefined;
    if (part) return part;
    await new Promise((again) => setTimeout(again, AGAIN_MS));
  }
}
