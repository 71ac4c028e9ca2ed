const BEFORE = 60; // letters of a text that are shown before what was found
const AFTER = 200;
const STEM = 4; // letters that all forms of a word share, roughly: the index finds forms, and the eye wants the place

export type Piece = { text: string; found: boolean };

/** Where the words of a search begin in a text; null where it holds no word. */
function pattern(words: string): RegExp | null {
  const stems = (words.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.slice(0, STEM));
  return stems.length > 0 ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${stems.join("|")})[\\p{L}\\p{N}]*`, "giu") : null;
}

/** The part of a text around the first of the words, with all of them told apart. */
export function snippet(text: string, words: string): Piece[] {
  const sought = pattern(words);
  const first = sought ? text.search(sought) : -1;
  const before = first > BEFORE ? first - BEFORE : 0;
  const start = before ? before + Math.max(0, text.slice(before, first).search(/(?<=\s)\S/)) : 0; // at a word
  const end = Math.max(first, 0) + AFTER;
  const part = `${start ? "…" : ""}${text.slice(start, end).replace(/\s+/g, " ").trim()}${end < text.length ? "…" : ""}`;
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of sought ? part.matchAll(sought) : []) {
    pieces.push({ text: part.slice(done, match.index), found: false }, { text: match[0], found: true });
    done = match.index + match[0].length;
  }
  pieces.push({ text: part.slice(done), found: false });
  return pieces.filter((piece) => piece.text);
}
