/** What a key opens is there at once. */
export const LOOK = { transitionProps: { duration: 0 } };
