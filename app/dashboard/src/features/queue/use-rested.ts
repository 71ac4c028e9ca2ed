import { useEffect, useState } from "react";
import type { Filter } from "./choice";

const REST_MS = 300;

const butWords = (filter: Filter) => JSON.stringify({ ...filter, q: null });

/**
 * The filter once nobody types its words any more and the list has answered (`busy` while it has not): for what stands
 * around the list. Asked together with it, all of that would make each letter's list wait.
 */
export function useRested(filter: Filter, busy: boolean): Filter {
  const [rested, setRested] = useState(filter);
  // Anything else is chosen by one act, and is counted at once.
  const typing = rested !== filter && rested.q !== filter.q && butWords(rested) === butWords(filter);
  if (rested !== filter && !typing) setRested(filter);
  useEffect(() => {
    if (!typing || busy) return;
    const rest = setTimeout(() => setRested(filter), REST_MS);
    return () => clearTimeout(rest);
  }, [filter, typing, busy]);
  return typing ? rested : filter;
}
