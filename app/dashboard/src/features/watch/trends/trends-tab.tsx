import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { useMay } from "@/shared/api/session";
import { Chart } from "@/shared/ui/chart";
import type { Series } from "@/shared/ui/chart-series";
import { Empty } from "@/shared/ui/empty";
import { count } from "@/shared/ui/numbers";
import { remembered } from "@/shared/ui/remembered";
import { useStore } from "@/shared/ui/store";
import { Asked } from "../asked";
import { paceQuery, trendsQuery, zone, type Day } from "../queries";
import { Section } from "../section";
import classes from "../watch.module.css";
import { changeWords, dayLabel, dayName, flowSentence, outlineOf, sizeSentence, unknownWords } from "./days";
import { PaceTable } from "./pace-table";

const RANGES = [7, 14, 30, 90];
const chosenDays = remembered("watchfloor.trend-days", 14);

/** How the queue and the integrations went over the last days. */
export function TrendsTab() {
  const days = useStore(chosenDays);
  const may = useMay();
  const tz = zone();
  const trends = useQuery(trendsQuery(days, tz));
  return (
    <>
      <RangeChoice days={days} tz={tz} />
      <Asked query={trends} waiting={560}>
        {(data) => <QueueTrends days={data.days} />}
      </Asked>
      {may("runs:read") && <IntegrationTrends days={days} tz={tz} />}
    </>
  );
}

function RangeChoice({ days, tz }: { days: number; tz: string }) {
  const id = useId();
  return (
    <div className={classes.range}>
      <span id={id} className="unseen">
        How far back
      </span>
      <SegmentedControl
        aria-labelledby={id}
        value={String(days)}
        onChange={(value) => chosenDays.set(Number(value))}
        data={RANGES.map((each) => ({ value: String(each), label: `${each} days` }))}
      />
      <span className={classes.soft}>Days of {tz.replaceAll("_", " ")}</span>
    </div>
  );
}

function QueueTrends({ days }: { days: readonly Day[] }) {
  const drawn = useMemo(() => drawingOf(days), [days]);
  const outline = outlineOf(days);
  if (!outline)
    return (
      <Empty title="No task was here yet">
        Once there are some, the size of the queue would stand here day by day, with what came and what left it.
      </Empty>
    );
  const { labels, names } = drawn;
  return (
    <>
      <Section
        title="Open tasks"
        about={
          <>
            <strong className={classes.figure}>{count(outline.open)}</strong> now, {changeWords(outline)}
          </>
        }
      >
        <Chart summary={sizeSentence(outline)} labels={labels} names={names} series={drawn.size} along="Day" />
        {outline.unknown > 0 && <p className={classes.about}>{unknownWords(outline.unknown)}</p>}
      </Section>
      <Section
        title="Came and left"
        about={
          <>
            <strong className={classes.figure}>{count(outline.came)}</strong> came (new, reopened, woken),{" "}
            <strong className={classes.figure}>{count(outline.closed)}</strong> left the queue (done, declined, snoozed,
            set aside, merged)
          </>
        }
      >
        <Chart summary={flowSentence(outline)} labels={labels} names={names} series={drawn.flow} along="Day" />
      </Section>
    </>
  );
}

type Drawing = { labels: string[]; names: string[]; size: Series[]; flow: Series[] };

const drawingOf = (days: readonly Day[]): Drawing => ({
  labels: days.map(({ day }) => dayLabel(day)),
  names: days.map(dayName),
  size: [{ label: "Open", shape: "line", tone: "accent", values: days.map(({ open }) => open) }],
  flow: [
    { label: "Came", shape: "up", tone: "accent", values: days.map(({ came }) => came) },
    { label: "Left", shape: "down", tone: "good", values: days.map(({ closed }) => closed) },
  ],
});

function IntegrationTrends({ days, tz }: { days: number; tz: string }) {
  const pace = useQuery(paceQuery(days, tz));
  return (
    <Section
      title="Integrations"
      about="Pulls and imports that ended in these days: how many failed, what could not be read, how long they took, and how far what is known was behind its source at most."
    >
      <Asked query={pace}>
        {({ items }) =>
          items.length > 0 ? (
            <PaceTable paces={items} />
          ) : (
            <p className={classes.about}>There is no integration yet. Each would stand here with its runs.</p>
          )
        }
      </Asked>
    </Section>
  );
}
