import type { ApiError } from "../api/errors";
import { seen } from "./outside";

type Given = Pick<ApiError, "title" | "message" | "code" | "fields">;

/** What is said at once, and what only whoever wants more unfolds. */
export type ProblemWords = { title: string; message: string; fields: string[]; more: string[] };

const SHORT = 160;
const FIELDS_SHOWN = 5;

/** "body.new" as a person calls it: New. A number in it is which of several. */
export function fieldName(location: string): string {
  const parts = location.split(".").filter((part) => part !== "" && !/^\d+$/.test(part));
  const last = parts.at(-1)?.replaceAll("_", " ") ?? "";
  return ["", "body", "query", "path", "header"].includes(last) ? "" : last.charAt(0).toUpperCase() + last.slice(1);
}

/** The first sentence where the whole is a wall, and the rest of it. */
function parted(message: string): [string, string | null] {
  if (message.length <= SHORT) return [message, null];
  const end = message.search(/[.!?](?=\s)/) + 1;
  return end > 0 && end < message.length ? [message.slice(0, end), message.slice(end).trim()] : [message, null];
}

/** A problem in words: nothing twice, and no names of the machine's. */
export function problemWords({ title, message, code, fields }: Given): ProblemWords {
  const named = fields.map(({ location, message: wrong }) => ({ name: fieldName(location), wrong: wrong.trim() }));
  const bare = (text: string) => text.toLowerCase().replace(/[.\s]+$/, "");
  const repeated = named.some(({ wrong }) => bare(message) === bare(wrong));
  const lines = named
    .filter(({ wrong }) => repeated || !bare(message).includes(bare(wrong)))
    .map(({ name, wrong }) => seen([name, wrong].filter(Boolean).join(" ")));
  const unique = [...new Set(lines)];
  const [first, rest] = parted(repeated ? "" : message);
  return {
    title: code === "invalid" && fields.length <= 1 ? "That can't be taken" : title,
    message: seen(first),
    fields: unique.slice(0, FIELDS_SHOWN),
    more: [...(rest ? [seen(rest)] : []), ...unique.slice(FIELDS_SHOWN)],
  };
}
