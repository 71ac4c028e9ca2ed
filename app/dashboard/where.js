// Where something comes from, and the way there.

/** Only what can't run as a program. @param {string | null | undefined} url */
export const link = (url) => (url && /^https?:\/\//i.test(url) ? url : null);

/** An integration's name; that it is a sample is said beside it. @param {string | null} integration */
export const place = (integration) => (integration ? integration.replace(/^Sample data: /, "") : "written here");
