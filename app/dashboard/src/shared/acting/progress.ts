import { Store } from "../ui/store";

/** Something that takes long; `done` of `of` where it is done piece by piece. */
export type Work = { sentence: string; done?: number; of?: number };

/** What is being done at the moment. */
export const works = new Store<readonly Work[]>([]);

/** Says what is being done until it is. `run` may tell how far it is. */
export async function whileWorking<T>(
  sentence: string,
  run: (advance: (done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  let mine: Work = { sentence };
  const replace = (next: readonly Work[]) => works.set([...works.get().filter((each) => each !== mine), ...next]);
  replace([mine]);
  try {
    return await run((done, of) => {
      const next = { sentence, done, of };
      replace([next]);
      mine = next;
    });
  } finally {
    replace([]);
  }
}
