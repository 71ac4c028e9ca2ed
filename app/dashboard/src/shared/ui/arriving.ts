/**
 * A part of the program that is fetched when it is needed. Where it is no more, because a new version was built, and
 * the page can't be loaded again as somebody is writing, it never arrives: what is there stays (app/renewed.ts).
 */
export const arriving = async <T>(part: Promise<T>): Promise<T> => {
  const arrived = (await part) as T | undefined;
  return arrived ?? new Promise<never>(() => undefined);
};
