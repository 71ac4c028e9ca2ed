import { seen } from "@/shared/ui/outside";
import type { Person } from "./queries";

type Named = Pick<Person, "name" | "address">;

/** What to call somebody: by name, or by the address where nobody gave one. */
export const nameOf = ({ name, address }: Named) => seen(name || address);

/** How the two of a pair are told apart in a sentence: by address where their names are the same. */
export function apartNames(one: Named, other: Named): [string, string] {
  if (nameOf(one) !== nameOf(other)) return [nameOf(one), nameOf(other)];
  return [seen(one.address), seen(other.address)];
}

/** Those that are settled are gone from what the server proposes, or will be as soon as it is asked again. */
export const withoutSettled = <Pair>(
  pairs: readonly Pair[],
  settled: ReadonlySet<string>,
  keyOf: (pair: Pair) => string,
) => pairs.filter((pair) => !settled.has(keyOf(pair)));

/** Where the focus goes once an entry is settled: to the one after it, else to the one before. */
export function following(keys: readonly string[], settled: string): string | null {
  const place = keys.indexOf(settled);
  return keys[place + 1] ?? (place > 0 ? (keys[place - 1] ?? null) : null);
}
