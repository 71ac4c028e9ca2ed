import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { arriving } from "./arriving";
import type { Series } from "./chart-series";
import classes from "./chart.module.css";
import { count } from "./numbers";

// The library for it comes with the first chart, not with the page.
const Canvas = lazy(() => arriving(() => import("./chart-canvas")));

type ChartProps = {
  /** What the whole of it says, for those who don't see it. */
  summary: string;
  /** What stands below the axis, and what a place is called in full. Both keep their identity as long as they are the same. */
  labels: readonly string[];
  names: readonly string[];
  series: readonly Series[];
  /** What the first column of the numbers is called. */
  along: string;
};

const told = (value: number | null | undefined) => (typeof value === "number" ? count(value) : "not known");

/** A chart with the values under the pointer (else the last ones) in its legend, and all of its numbers as a table. */
export function Chart({ summary, labels, names, series, along }: ChartProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const place = pointed ?? names.length - 1;
  return (
    <div className={classes.chart}>
      <p className={classes.legend}>
        <span className={classes.place}>{names[place]}</span>
        {series.map(({ label, shape, tone, values }) => (
          <span key={label} className={classes.entry}>
            <span className={classes.swatch} data-shape={shape} data-tone={tone} aria-hidden />
            {label} <strong>{told(values[place])}</strong>
          </span>
        ))}
      </p>
      <div role="img" aria-label={summary}>
        <Suspense fallback={<Skeleton className={classes.waiting} />}>
          <Canvas labels={labels} series={series} onPoint={setPointed} />
        </Suspense>
      </div>
      <Numbers names={names} series={series} along={along} />
    </div>
  );
}

/** The latest first: that is what one looks for. */
function Numbers({ names, series, along }: Pick<ChartProps, "names" | "series" | "along">) {
  const [open, setOpen] = useState(false);
  const places = names.map((_, place) => place).reverse();
  return (
    <details className={classes.numbers} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show the numbers</summary>
      {open && (
        // A table that scrolls has to be reached by the keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={classes.scrolled} tabIndex={0} role="region" aria-label="The numbers of the chart">
          <table>
            <thead>
              <tr>
                <th scope="col">{along}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {places.map((place) => (
                <tr key={place}>
                  <th scope="row">{names[place]}</th>
                  {series.map(({ label, values }) => (
                    <td key={label}>{told(values[place])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
