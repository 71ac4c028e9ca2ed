import { arrow, climbed, movementWords, type Placed } from "./movement";
import classes from "./preview.module.css";

/** Which way a task goes, by arrow, number and words. */
export function MovementMark({ moved }: { moved: Pick<Placed, "rank_before" | "rank_after"> }) {
  return (
    <span className={classes.movement} data-way={Math.sign(climbed(moved))}>
      <span aria-hidden>{arrow(moved)}</span>
      <span className="unseen">{movementWords(moved)}</span>
    </span>
  );
}
