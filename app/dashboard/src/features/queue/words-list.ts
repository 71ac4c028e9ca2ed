/** Several words in one value of an address, with commas between them: a comma inside a word stands behind a backslash. */
export const joined = (words: readonly string[]) => words.map((word) => word.replace(/[\\,]/g, "\\$&")).join(",");

export function parted(text: string): string[] {
  const words = text.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return [...new Set(words.map((word) => word.replace(/\\(.)/gs, "$1").trim()).filter(Boolean))];
}
