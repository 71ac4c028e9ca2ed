import type { Task } from "../api/tasks";
import classes from "./band.module.css";

export type Group = Task["band"] | "pinned" | "held";

/** In their order in the queue. */
export const GROUPS: readonly Group[] = ["pinned", "now", "next", "later", "someday", "held"];

export const BAND_NAMES: Record<Group, string> = {
  pinned: "Pinned",
  now: "Now",
  next: "Next",
  later: "Later",
  someday: "Someday",
  held: "Held back",
};

export const groupOf = (task: Pick<Task, "tier" | "band">): Group => (task.tier === "normal" ? task.band : task.tier);

/** A band's mark: a colour that colour-blind readers tell apart too, a filling that says the same, and its name. */
export function BandMark({ group, bare = false }: { group: Group; bare?: boolean }) {
  return (
    <span className={classes.mark} data-band={group}>
      <span className={classes.shape} aria-hidden />
      {bare ? null : BAND_NAMES[group]}
    </span>
  );
}
