import type { Calendar } from "./calendar-form";
import { DAYS, dayName } from "./calendar-form";
import classes from "./calendars.module.css";
import { spansOf } from "./week";

/** The hours of each day, in words and as a bar from midnight to midnight. */
export function WeekDrawing({ hours }: Pick<Calendar, "hours">) {
  return (
    <ul className={classes.week}>
      {DAYS.map((day) => {
        const spans = hours[day] ?? [];
        return (
          <li key={day} className={classes.day} data-closed={spans.length === 0}>
            <span>{dayName(day)}</span>
            <svg className={classes.strip} viewBox="0 0 24 1" preserveAspectRatio="none" aria-hidden>
              {spansOf(spans).map(({ from, to }) => (
                <rect key={from} x={from * 24} y={0} width={(to - from) * 24} height={1} />
              ))}
            </svg>
            <span className={classes.times}>{spans.join(", ") || "closed"}</span>
          </li>
        );
      })}
    </ul>
  );
}
