/** The lower the better; null: it does not fit. Every word has to be found, at a word's beginning if it can be. */
export function misfit(text: string, wanted: string): number | null {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const given = text.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const found = misfitOfWord(given, word);
    if (found === null) return null;
    sum += found;
  }
  return sum;
}

function misfitOfWord(text: string, word: string): number | null {
  if (text.startsWith(word)) return 0;
  const within = text.search(new RegExp(`(^|[\\s:/(«-])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
  if (within >= 0) return 1;
  if (text.includes(word)) return 2;
  return inOrder(text, word) ? 4 : null;
}

/** Whether the letters come in this order within one of the words: «cmpl» finds «complete». */
const inOrder = (text: string, letters: string) =>
  letters.length > 1 &&
  text.split(/\s+/).some((word) => {
    let from = -1;
    return (
      word.startsWith(letters.charAt(0)) &&
      Array.from(letters).every((letter) => (from = word.indexOf(letter, from + 1)) >= 0)
    );
  });

/** Those that fit, the best first; what fits alike keeps its order. */
export function fitting<T>(all: readonly T[], wanted: string, textOf: (each: T) => string): T[] {
  const rated = all.flatMap((each) => {
    const rate = misfit(textOf(each), wanted);
    return rate === null ? [] : [{ each, rate }];
  });
  return rated.sort((a, b) => a.rate - b.rate).map(({ each }) => each);
}
