import type { Schema } from "@/shared/api/client";

export type Change = Schema<"ChangeOut">;

const WHAT: Record<Change["what"], string> = { added: "Added", removed: "Removed", changed: "Changed" };

/** "Changed rule large-sums". */
export const changeWords = ({ what, section, id }: Pick<Change, "what" | "section" | "id">) =>
  `${WHAT[what]} ${section} ${id}`;

/** A field's value as the ruleset writes it, on one line. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "string") return value.replace(/\s+/g, " ");
  if (Array.isArray(value)) return `[${value.map(valueWords).join(", ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, each]) => `${key} = ${valueWords(each)}`);
    return `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value);
}

export type DiffLine = { kind: "added" | "removed" | "same" | "place"; text: string };

/** The lines of a unified diff without its head; a gap between two parts is a line of its own. */
export function diffLines(text: string): DiffLine[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const body = lines[0]?.startsWith("--- ") ? lines.slice(2) : lines;
  return body
    .filter((line) => line !== "")
    .map((line) => {
      if (line.startsWith("@@")) return { kind: "place", text: placeWords(line) };
      const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same";
      return { kind, text: line.slice(1) };
    });
}

const placeWords = (line: string) => {
  const found = /\+(\d+)/.exec(line);
  return found ? `Line ${found[1]}` : "";
};
