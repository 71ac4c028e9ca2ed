import { span } from "@/shared/time/words";
import { count, several } from "@/shared/ui/numbers";
import type { Pace } from "../queries";

const MINUTE_S = 60;

/** Seconds as people read them; nothing where there are none. */
export function seconds(value: number | null): string {
  if (value === null) return "–";
  if (value < 10) return `${value.toFixed(1)} s`;
  return value < MINUTE_S ? `${Math.round(value)} s` : span(value * 1000);
}

export const runsWords = ({ runs, failed }: Pick<Pace, "runs" | "failed">) =>
  runs === 0 ? "no run ended" : `${several(runs, "run")}${failed > 0 ? `, ${count(failed)} failed` : ""}`;

export const readWords = ({ read, refused }: Pick<Pace, "read" | "refused">) =>
  `${several(read, "item")}${refused > 0 ? `, ${count(refused)} refused` : ""}`;

export type Share = { whole: number; bad: number };

/** Parts of 100: how long a bar is beside the longest one, and how much of that went badly. What is there is seen. */
export function shareOf(all: number, bad: number, longest: number): Share {
  const part = (value: number) => (value <= 0 || longest <= 0 ? 0 : Math.max(2, (100 * value) / longest));
  return { whole: part(all), bad: Math.min(part(all), part(bad)) };
}
