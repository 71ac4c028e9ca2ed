// A ruleset is edited as its text: comments and order are the writer's. One number in it can be changed all the same.

const HEADER = /^\s*\[\[?[\w."' -]+\]\]?\s*(?:#.*)?$/;
const RULE = /^\s*\[\[\s*rules\s*\]\]/;
const POINTS = /^(\s*points\s*=\s*)([+-]?\d+(?:\.\d+)?)(\s*(?:#.*)?)$/;

/** The line of a ruleset's text in which a rule's points stand as a plain number; -1 where there is none. */
function lineOf(lines: readonly string[], rule: string): number {
  const id = new RegExp(`^\\s*id\\s*=\\s*(["'])${rule.replace(/[^\w-]/g, "\\$&")}\\1\\s*(?:#.*)?$`);
  for (let start = 0; start < lines.length; start += 1) {
    if (!RULE.test(lines[start] ?? "")) continue;
    const after = lines.findIndex((line, index) => index > start && HEADER.test(line));
    const end = after < 0 ? lines.length : after;
    const block = lines.slice(start, end);
    if (block.some((line) => id.test(line))) {
      const at = block.findIndex((line) => POINTS.test(line));
      return at < 0 ? -1 : start + at;
    }
    start = end - 1;
  }
  return -1;
}

/** What a rule gives by this text; null where that is no plain number, or no such rule is there. */
export function pointsIn(text: string, rule: string): number | null {
  const lines = text.split("\n");
  const found = POINTS.exec(lines[lineOf(lines, rule)] ?? "");
  return found ? Number(found[2]) : null;
}

/** The text with another number of points for one rule, and everything else as it was written. */
export function withPoints(text: string, rule: string, points: number): string {
  const lines = text.split("\n");
  const at = lineOf(lines, rule);
  return lines.map((line, index) => (index === at ? line.replace(POINTS, `$1${points}$3`) : line)).join("\n");
}
