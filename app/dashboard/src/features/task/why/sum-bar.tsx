import { useRef, type CSSProperties, type KeyboardEvent } from "react";
import { count, term } from "@/shared/ui/numbers";
import type { Contribution } from "../queries";
import { barOf } from "./sum";
import classes from "./sum-bar.module.css";

/** Wide enough for its points to stand in it, in percent. */
const ROOM = 7;
const place = (start: number, width = 0) => ({ "--start": `${start}%`, "--width": `${width}%` }) as CSSProperties;
const MOVES: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * The sum as one bar: each part begins where the one before ends. A part is tied to its line below: either lights
 * the other, and choosing a part goes to its line.
 */
export function SumBar({
  lines,
  points,
  lit,
  onLight,
  onChoose,
}: {
  lines: readonly Contribution[];
  points: number;
  lit: string | null;
  onLight: (rule: string | null) => void;
  onChoose: (rule: string) => void;
}) {
  const strip = useRef<HTMLDivElement>(null);
  const { segments, zero, sum, bounds } = barOf(lines);
  if (segments.length === 0) return null;
  const shown = segments.find((each) => each.line.rule === lit)?.line;
  const reachable = shown?.rule ?? segments[0]?.line.rule;

  const move = (event: KeyboardEvent, index: number) => {
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const parts = strip.current?.querySelectorAll("button");
    parts?.[(index + step + segments.length) % segments.length]?.focus();
  };

  return (
    <div className={classes.bar}>
      <div className={classes.strip} ref={strip} role="group" aria-label={`The sum, part by part: ${count(points)}`}>
        <span className={classes.zero} style={place(zero)} />
        {bounds.map((bound) => (
          <span
            key={bound.points}
            className={classes.bound}
            style={place(bound.at)}
            data-end={bound.at > 100 - ROOM || (sum >= bound.at && sum < bound.at + ROOM) || undefined}
          >
            {bound.points}
          </span>
        ))}
        {segments.map(({ line, start, width, back }, index) => (
          <button
            key={line.rule}
            type="button"
            className={classes.part}
            style={place(start, width)}
            data-back={back || undefined}
            data-lit={line.rule === lit || undefined}
            tabIndex={line.rule === reachable ? 0 : -1}
            aria-label={`${term(line.points)} ${line.title}`}
            onMouseEnter={() => onLight(line.rule)}
            onMouseLeave={() => onLight(null)}
            onFocus={() => onLight(line.rule)}
            onKeyDown={(event) => move(event, index)}
            onClick={() => onChoose(line.rule)}
          >
            <span aria-hidden>{width >= ROOM ? term(line.points) : ""}</span>
          </button>
        ))}
        <span className={classes.sum} style={place(sum)} data-end={sum > 85 || undefined}>
          = {count(points)}
        </span>
      </div>
      <p className={classes.caption} aria-hidden dir="auto">
        {shown ? (
          <>
            <strong>{term(shown.points)}</strong> {shown.title}
          </>
        ) : (
          "Point at a part to see which line it is."
        )}
      </p>
    </div>
  );
}
