import type { Schema } from "@/shared/api/client";
import { count } from "@/shared/ui/numbers";

export type Proposal = Schema<"ProposalItem">;

export const STATE_NAMES: Record<Proposal["state"], string> = {
  open: "Open",
  accepted: "Accepted",
  rejected: "Rejected",
  reverted: "Taken back",
  outdated: "Outdated",
};

type Numbers = number | readonly number[];

const corners = (numbers: Numbers) => (typeof numbers === "number" ? [numbers] : numbers);

/** "20 → 17"; of a curve, only the corners that change, each by its place. */
export function numbersWords(before: Numbers, after: Numbers): string {
  const now = corners(before);
  const then = corners(after);
  const changed = now.flatMap((number, at) => {
    const other = then[at];
    return other === undefined || other === number ? [] : [`${count(number)} → ${count(other)}`];
  });
  return changed.join(", ");
}
