export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;

/** A number of a task as a place in the address: what is none is 0, which no task has. */
export const taskNumber = (given: unknown) => {
  const number = Number(given);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
};
