import type { CSSProperties } from "react";
import type { Score } from "@/shared/api/tasks";
import { absolute, span } from "@/shared/time/words";
import classes from "./clocks.module.css";

type Clock = NonNullable<Score["clocks"]>[number];

const STATES: Record<Clock["state"], string> = { on_track: "On track", at_risk: "At risk", breached: "Breached" };

const standing = (clock: Clock) =>
  clock.running ? STATES[clock.state] : clock.state === "breached" ? "Stopped too late" : "Met";

/** The next mark that the clock will reach, or the last that it did. */
function mark({ marks, running }: Clock, at: number): string | null {
  const next = marks.find((each) => each.at && Date.parse(each.at) > at);
  if (next?.at && running) return `${next.percent === 100 ? "Breached" : `${next.percent} %`} at ${absolute(next.at)}.`;
  const last = marks.findLast((each) => each.at && Date.parse(each.at) <= at);
  return last?.at ? `${last.percent} % was reached ${absolute(last.at)}.` : null;
}

/** How far the clocks of service levels have run, of how much. */
export function Clocks({ clocks, at }: { clocks: readonly Clock[]; at: string }) {
  if (clocks.length === 0) return null;
  return (
    <ul className={classes.clocks} aria-label="Service levels">
      {clocks.map((clock) => {
        const share = Math.round((clock.elapsed_s / clock.within_s) * 100);
        return (
          <li key={clock.clock + clock.target} data-state={clock.state}>
            <p className={classes.head}>
              <span>{clock.title}</span>
              <strong>{standing(clock)}</strong>
            </p>
            <div className={classes.track} style={{ "--share": `${Math.min(100, share)}%` } as CSSProperties} />
            <p className={classes.about}>
              {span(clock.elapsed_s * 1000)} of {span(clock.within_s * 1000)} ({share} %)
              {clock.calendar && `, in the hours of «${clock.calendar}»`}. {mark(clock, Date.parse(at))}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
