import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useEffectEvent, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { columnsOf, labelled, reach, type Series, type Tone } from "./chart-series";
import classes from "./chart.module.css";
import { count } from "./numbers";

const HEIGHT = 190;
/** So much of the width a label below the axis takes. */
const LABEL_PX = 74;
const WIDEST_BAR_PX = 26;
const WHOLE_NUMBERS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** A canvas knows no variables: the colour is read from an element that has it. */
function colourOf(host: HTMLElement, tone: Tone | "soft" | "line", soft = false): string {
  const probe = document.createElement("span");
  probe.dataset.tone = tone;
  if (soft) probe.dataset.soft = "";
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function drawn(host: HTMLElement, { shape, tone, label }: Series): uPlot.Series {
  const stroke = colourOf(host, tone);
  const fill = colourOf(host, tone, true);
  // A day alone, with nothing known on either side, is a point: a line needs two.
  if (shape === "line") return { label, stroke, fill, width: 2, points: { size: 5, fill: stroke } };
  const bars = uPlot.paths.bars?.({ size: [0.7, WIDEST_BAR_PX], radius: 0.15 });
  return {
    label,
    stroke,
    fill: shape === "up" ? stroke : fill,
    width: 1,
    points: { show: false },
    ...(bars ? { paths: bars } : {}),
  };
}

function axesOf(host: HTMLElement, labels: readonly string[]): uPlot.Axis[] {
  const font = `12px ${getComputedStyle(host).fontFamily}`;
  const stroke = colourOf(host, "soft");
  const lines = { stroke: colourOf(host, "line"), width: 1 };
  return [
    {
      font,
      stroke,
      size: 30,
      grid: { show: false },
      ticks: { show: false },
      splits: (plot) => labelled(labels.length, Math.floor(plot.over.clientWidth / LABEL_PX)),
      values: (_, splits) => splits.map((place) => labels[place] ?? ""),
    },
    {
      font,
      stroke,
      size: 52,
      grid: lines,
      ticks: { show: false },
      incrs: WHOLE_NUMBERS,
      values: (_, splits) => splits.map((value) => count(Math.abs(value))),
    },
  ];
}

type ChartCanvasProps = {
  labels: readonly string[];
  series: readonly Series[];
  /** At which place the pointer is; null: at none. */
  onPoint: (place: number | null) => void;
};

/** The drawing itself: it follows the theme, and the room there is. */
export default function ChartCanvas({ labels, series, onPoint }: ChartCanvasProps) {
  const scheme = useComputedColorScheme();
  const frame = useRef<HTMLDivElement>(null);
  const point = useEffectEvent(onPoint);
  const columns = useMemo(() => columnsOf(labels.length, series), [labels, series]);

  useEffect(() => {
    const host = frame.current;
    if (!host) return;
    const options: uPlot.Options = {
      width: host.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: false, range: [-0.5, labels.length - 0.5] },
        y: { range: reach(columns) },
      },
      axes: axesOf(host, labels),
      series: [{}, ...series.map((each) => drawn(host, each))],
      hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
    };
    const plot = new uPlot(options, columns, host);
    const sized = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: HEIGHT }));
    sized.observe(host);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [labels, series, columns, scheme]);

  return <div ref={frame} className={classes.canvas} aria-hidden />;
}
