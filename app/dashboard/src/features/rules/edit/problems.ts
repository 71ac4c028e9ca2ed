import type { Schema } from "@/shared/api/client";

export type CheckProblem = Schema<"RulesetProblemOut">;
/** A part of a text: `from` inclusive, `to` exclusive. */
export type Place = { from: number; to: number };

/** The start of each line. */
function linesOf(text: string): string[] {
  return text.split("\n");
}

const offsetOf = (lines: readonly string[], line: number) =>
  lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);

/** The opening of a string's content on its line, behind `key =` and its quotes; -1 where there is none. */
function contentStart(line: string, field: string): number {
  const key =
    field
      .split(".")
      .at(-1)
      ?.replace(/\[\d+\]/g, "") ?? "";
  const found = new RegExp(`\\b${key.replace(/\W/g, "")}\\s*=\\s*("""|'''|"|')`).exec(line);
  return found ? found.index + found[0].length : -1;
}

/** The word at a place of a line, or one character where none is. */
function wordAt(line: string, column: number): [number, number] {
  const at = Math.min(Math.max(column, 0), Math.max(line.length - 1, 0));
  const length = /^[\w.]+/.exec(line.slice(at))?.[0].length ?? 1;
  return [at, Math.min(at + Math.max(length, 1), Math.max(line.length, at))];
}

const trimmedLine = (line: string): [number, number] => {
  const start = line.length - line.trimStart().length;
  return [start, Math.max(line.trimEnd().length, start)];
};

/**
 * Where in the text a problem stands: the word where line and column are told, else the line of its field, else null.
 *
 * Line and column of a condition count within the condition; those of a text that is no TOML, within the text.
 */
export function placeOf(problem: CheckProblem, text: string): Place | null {
  const lines = linesOf(text);
  const within = (line: number, [from, to]: [number, number]): Place => {
    const start = offsetOf(lines, line);
    return { from: start + from, to: start + to };
  };
  const isOfDocument = problem.field === null && problem.line !== null;
  const first = isOfDocument ? problem.line : problem.document_line;
  if (first === null) return null;
  const at = Math.min(first, lines.length) - 1;
  const line = lines[at] ?? "";
  if (problem.column === null) return within(at, trimmedLine(line));
  if (isOfDocument) return within(at, wordAt(line, problem.column - 1));
  const start = contentStart(line, problem.field ?? "");
  if (start < 0) return within(at, trimmedLine(line));
  const further = (problem.line ?? 1) - 1;
  if (further === 0) return within(at, wordAt(line, start + problem.column - 1));
  const target = Math.min(at + further, lines.length - 1);
  return within(target, wordAt(lines[target] ?? "", problem.column - 1));
}

/** "Rule large-sums, when, line 439": where a person finds it. */
export function whereWords(problem: CheckProblem, text: string): string {
  const place = placeOf(problem, text);
  const line = place && `line ${text.slice(0, place.from).split("\n").length}`;
  const subject = problem.rule ? `Rule ${problem.rule}` : problem.field ? null : "The text";
  return [subject, problem.field, line].filter(Boolean).join(", ");
}

export const sentence = (message: string) => {
  const said = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(said) ? said : `${said}.`;
};
