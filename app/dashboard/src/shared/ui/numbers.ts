const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

export const count = (value: number) => plain.format(value).replace("-", "−");

/** Points as a term of a sum: +50, −12.5. */
export const term = (value: number) => (value < 0 ? "−" : "+") + plain.format(Math.abs(value));

export const several = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** A size in bytes, in words: 240 kB. */
export function bytes(value: number) {
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${Math.round(value / 1000)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}
