import { BandMark } from "@/shared/ui/band";
import { count } from "@/shared/ui/numbers";
import type { Placed } from "./movement";
import { MovementMark } from "./movement-mark";
import classes from "./preview.module.css";
import { TaskLink } from "./task-link";

/** The first ten today and with the change, side by side. */
export function TopTen({ before, after }: { before: readonly Placed[]; after: readonly Placed[] }) {
  return (
    <section aria-label="The top of the queue" className={classes.tops}>
      <div>
        <h3 className={classes.small}>Today</h3>
        <ol className={classes.top}>
          {before.map((each) => (
            <li key={each.task}>
              <span className={classes.rank}>{each.rank_before}</span>
              <BandMark group={each.band_before} bare />
              <TaskLink task={each.task} title={each.title} />
              <span className={classes.points}>{count(each.points_before)}</span>
            </li>
          ))}
        </ol>
      </div>
      <div>
        <h3 className={classes.small}>With this change</h3>
        <ol className={classes.top}>
          {after.map((each) => (
            <li key={each.task}>
              <span className={classes.rank}>{each.rank_after}</span>
              <BandMark group={each.band_after} bare />
              <TaskLink task={each.task} title={each.title} />
              <span className={classes.points}>{count(each.points_after)}</span>
              <MovementMark moved={each} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
