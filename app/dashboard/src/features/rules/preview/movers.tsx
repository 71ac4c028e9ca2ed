import type { Schema } from "@/shared/api/client";
import { count, term } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import frame from "../rules.module.css";
import { differingLines } from "./movement";
import { MovementMark } from "./movement-mark";
import classes from "./preview.module.css";
import { TaskLink } from "./task-link";

type Mover = Schema<"MoverOut">;

/** Those that rise and fall the farthest, each with the lines that make the difference. */
export function Movers({ up, down }: Schema<"MoversOut">) {
  return (
    <>
      <Moving title="Rising most" movers={up} />
      <Moving title="Falling most" movers={down} />
    </>
  );
}

function Moving({ title, movers }: { title: string; movers: readonly Mover[] }) {
  if (movers.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={frame.heading}>{title}</h2>
      <ul className={frame.list}>
        {movers.map((mover) => (
          <MoverRow key={mover.task} mover={mover} />
        ))}
      </ul>
    </section>
  );
}

const LINES = 4;

const pointsWords = ({ points_before, points_after }: Mover) =>
  points_before === points_after
    ? `still ${count(points_after)} points`
    : `${count(points_before)} → ${count(points_after)} points`;

function MoverRow({ mover }: { mover: Mover }) {
  const lines = differingLines(mover.before.contributions, mover.after.contributions);
  return (
    <li className={classes.mover}>
      <MovementMark moved={mover} />
      <div>
        <p className={classes.moverHead}>
          <TaskLink task={mover.task} title={mover.title} />{" "}
          <span className={frame.soft}>
            #{count(mover.rank_before)} → #{count(mover.rank_after)}, {pointsWords(mover)}
          </span>
        </p>
        {lines.length === 0 ? (
          <p className={classes.line}>Its points stay; others pass it.</p>
        ) : (
          <ul className={classes.lines}>
            {lines.slice(0, LINES).map((line) => (
              <li key={line.rule} className={classes.line}>
                <span className={classes.term}>{term(line.points)}</span> <span dir="auto">{seen(line.because)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
