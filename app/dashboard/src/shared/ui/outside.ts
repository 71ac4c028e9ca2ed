// Characters that nobody sees and that turn a line around or hide words in it. Flags of regions are spelled in such
// ones too, and are shown as a plain flag.
const UNSEEN = /[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** What others wrote, as people are to see it: nothing in it that is not seen. It is text, and never markup. */
export const seen = (text: string) => text.replace(UNSEEN, "");

/** An address from outside, only where it can't run as a program. */
export const webAddress = (url: string | null | undefined) => (url && /^https?:\/\//i.test(url) ? url : null);

/** An integration's name; that it is a sample is said beside it. */
export const placeName = (integration: string | null) =>
  integration ? integration.replace(/^Sample data: /, "") : "written here";
