// What stands in a text from outside: addresses that can be followed, and the words that lines of the sum rest on.

export type Quote = { rule: string; quote: string };
/** A stretch of a text. `rules`: the lines of the sum that it is the evidence of. */
export type Stretch = { text: string; rules: readonly string[] };
export type Part = { href: string | null; stretches: readonly Stretch[] };

type Range = { start: number; end: number };

const ADDRESS = /https?:\/\/[^\s<>"“”«»|]+/gi;
const AT_END = /[.,;:!?'’…]$/;
const PAIRS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

const times = (text: string, character: string) => text.split(character).length - 1;

/** An address in running text, without the punctuation that ends the sentence around it. */
function trimmed(address: string): string {
  for (;;) {
    const last = address.at(-1) ?? "";
    const opening = PAIRS[last];
    const unpaired = opening !== undefined && times(address, last) > times(address, opening);
    if (!AT_END.test(address) && !unpaired) return address;
    address = address.slice(0, -1);
  }
}

function addresses(text: string): Range[] {
  return Array.from(text.matchAll(ADDRESS), ({ 0: found, index }) => ({
    start: index,
    end: index + trimmed(found).length,
  })).filter(({ start, end }) => end - start > "https://".length);
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const INSIDE = /[\p{L}\p{N}]/u;

/** Where a quote stands; the blanks between its words may be others, and it is no part of a longer word if it can be helped. */
export function findQuote(text: string, quote: string): Range | null {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const pattern = words.map(escaped).join("\\s+");
  for (const flags of ["gu", "giu"]) {
    const found = Array.from(text.matchAll(new RegExp(pattern, flags)), ({ 0: { length }, index }) => ({
      start: index,
      end: index + length,
    }));
    const whole = found.find(({ start, end }) => !cuts(text, start) && !cuts(text, end));
    const best = whole ?? found[0];
    if (best) return best;
  }
  return null;
}

const cuts = (text: string, at: number) => INSIDE.test(text[at - 1] ?? "") && INSIDE.test(text[at] ?? "");

/** The text in parts, in order and complete. */
export function partsOf(text: string, quotes: readonly Quote[] = []): Part[] {
  const marked = quotes.flatMap(({ rule, quote }) => {
    const range = findQuote(text, quote);
    return range ? [{ ...range, rule }] : [];
  });
  const stretches = ({ start, end }: Range): Stretch[] => {
    const inner = marked.flatMap((each) => [each.start, each.end]).filter((at) => at > start && at < end);
    const cutsAt = [...new Set([start, ...inner, end])].sort((a, b) => a - b);
    return cutsAt.slice(0, -1).map((from, index) => {
      const to = cutsAt[index + 1] ?? end;
      const rules = marked.filter((each) => each.start < to && each.end > from).map((each) => each.rule);
      return { text: text.slice(from, to), rules };
    });
  };
  const parts: Part[] = [];
  let done = 0;
  for (const range of addresses(text)) {
    if (range.start > done) parts.push({ href: null, stretches: stretches({ start: done, end: range.start }) });
    parts.push({ href: text.slice(range.start, range.end), stretches: stretches(range) });
    done = range.end;
  }
  if (done < text.length) parts.push({ href: null, stretches: stretches({ start: done, end: text.length }) });
  return parts;
}
