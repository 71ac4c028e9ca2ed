/** How the list on the page differs from the server's. */
export type Moved = { moved: number; fresh: number; gone: number };

/** The length of the longest run of growing numbers, not necessarily beside each other. */
function longestGrowing(numbers: readonly number[]): number {
  const ends: number[] = []; // ends[n]: the smallest number that a run of n + 1 can end with
  for (const number of numbers) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? Infinity) < number) low = middle + 1;
      else high = middle;
    }
    ends[low] = number;
  }
  return ends.length;
}

/**
 * What changed between the order that is shown and the server's, both from their beginning; the latter may be cut off.
 *
 * Moved are as few tasks as have to be moved to get from one to the other. `isNew` tells a task that came into being
 * from one that moved up from where nothing is loaded yet. `whole`: nothing comes after `server`.
 */
export function compared(
  shown: readonly number[],
  server: readonly number[],
  isNew: (id: number) => boolean,
  whole: boolean,
): Moved {
  const places = new Map(server.map((id, index) => [id, index]));
  const loaded = new Set(shown);
  const window = whole ? shown : shown.slice(0, server.length);
  const kept = window.map((id) => places.get(id)).filter((place) => place !== undefined);
  const left = window.length - kept.length;
  const arrived = server.filter((id) => !loaded.has(id));
  const fresh = arrived.filter(isNew).length;
  const gone = whole ? left : 0;
  // One that goes down past the end makes room for one that comes up from there: that is told once, by the former.
  const across = Math.max(whole ? 0 : Math.max(0, left - fresh), arrived.length - fresh);
  return { moved: kept.length - longestGrowing(kept) + across, fresh, gone };
}

export const isMoved = ({ moved, fresh, gone }: Moved) => moved + fresh + gone > 0;

/** "3 tasks moved", "2 new, 1 moved". */
export function movedWords({ moved, fresh, gone }: Moved): string {
  const parts = [
    fresh && `${fresh} new`,
    moved && (fresh || gone ? `${moved} moved` : `${moved} ${moved === 1 ? "task" : "tasks"} moved`),
    gone && `${gone} gone`,
  ];
  return parts.filter(Boolean).join(", ");
}
