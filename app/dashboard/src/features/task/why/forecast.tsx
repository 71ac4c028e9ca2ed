import { NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Task } from "@/shared/api/tasks";
import { absolute, weekdayTime } from "@/shared/time/words";
import { BandMark } from "@/shared/ui/band";
import { count, several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { forecastQuery, type Forecast } from "../queries";
import { Fold, Waiting } from "../section";
import classes from "./forecast.module.css";
import { chartOf } from "./steps";

const AHEAD = [
  { value: "24", label: "a day" },
  { value: "72", label: "three days" },
  { value: "168", label: "a week" },
  { value: "720", label: "30 days" },
];

/** How a task will stand if nothing changes but the time. */
export function ForecastView({ task }: { task: Task }) {
  const [hours, setHours] = useState("168");
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...forecastQuery(task.id, Number(hours)),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={classes.forecast} aria-busy={isPlaceholderData}>
      <NativeSelect
        size="xs"
        className={classes.ahead}
        label="Look ahead"
        data={AHEAD}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
      {error ? (
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Ahead forecast={data} />
      ) : (
        <Waiting lines={4} label="Looking ahead" />
      )}
    </div>
  );
}

function Ahead({ forecast }: { forecast: Forecast }) {
  const later = forecast.changes.slice(1);
  return (
    <>
      <p className={classes.sentence} dir="auto">
        {seen(forecast.sentence)}
      </p>
      <Steps forecast={forecast} />
      {forecast.bands.length > 0 ? (
        <ul className={classes.bands} aria-label="Changes of its band">
          {forecast.bands.map(({ at, band }) => (
            <li key={at}>
              <BandMark group={band} /> from <time dateTime={at}>{absolute(at)}</time>
            </li>
          ))}
        </ul>
      ) : (
        <p className={classes.soft}>Its band stays the same until {absolute(forecast.until)}.</p>
      )}
      {later.length > 0 && (
        <Fold title="Each change" hint={several(later.length, "change")}>
          <ol className={classes.changes}>
            {later.map((change) => (
              <li key={change.at}>
                <time dateTime={change.at} title={absolute(change.at)}>
                  {weekdayTime(new Date(change.at))}
                </time>
                <strong>{count(change.points)}</strong>
                <span dir="auto">
                  {seen(change.because ?? "")}
                  {change.rank ? <span className={classes.soft}>, number {count(change.rank)}</span> : null}
                </span>
              </li>
            ))}
          </ol>
          {forecast.left_out > 0 && (
            <p className={classes.soft}>{several(forecast.left_out, "further change")} left out.</p>
          )}
        </Fold>
      )}
      <p className={classes.soft}>
        Compared with {count(forecast.compared.tasks)} of the {several(forecast.compared.of, "other open task")}.
      </p>
    </>
  );
}

/** A small chart of the points over time. Its numbers stand in the list below it. */
function Steps({ forecast }: { forecast: Forecast }) {
  const chart = chartOf(forecast.changes, forecast.until);
  if (!chart || chart.low === chart.high) return null;
  return (
    <div
      className={classes.chart}
      role="img"
      aria-label={`Points from ${count(chart.low)} to ${count(chart.high)} until ${absolute(forecast.until)}`}
    >
      <span className={classes.high}>{count(chart.high)}</span>
      <span className={classes.low}>{count(chart.low)}</span>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden>
        <path className={classes.area} d={`${chart.path}V100H0Z`} />
        <path className={classes.line} d={chart.path} vectorEffect="non-scaling-stroke" />
      </svg>
      <p aria-hidden>
        <span>now</span>
        <span>{weekdayTime(new Date(chart.until))}</span>
      </p>
    </div>
  );
}
