/** A page may be open for weeks: of what it keeps in mind the oldest goes. */
export function dropFirst(kept: Map<unknown, unknown>, most: number) {
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(key);
  }
}
