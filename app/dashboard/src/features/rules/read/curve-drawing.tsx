import type { CurveText } from "../document";
import { geometry } from "./curve";
import classes from "./curve-drawing.module.css";
import { alongWords, cornerWords } from "./curve-words";

const WIDTH = 132;
const HEIGHT = 34;
const AROUND = 4;

/** A curve, small: the line of nothing, the moment where it is among them, and the corners. */
export function CurveDrawing({ curve }: { curve: CurveText }) {
  const { line, zero, moment, corners } = geometry(curve, WIDTH, HEIGHT);
  return (
    <svg
      className={classes.curve}
      viewBox={`0 ${-AROUND} ${WIDTH} ${HEIGHT + 2 * AROUND}`}
      role="img"
      aria-label={`Curve ${alongWords(curve)}: ${cornerWords(curve).join("; ")}`}
    >
      <line className={classes.zero} x1={0} x2={WIDTH} y1={zero} y2={zero} />
      {moment !== null && <line className={classes.moment} x1={moment} x2={moment} y1={-AROUND} y2={HEIGHT + AROUND} />}
      <path className={classes.line} d={line} />
      {corners.map(({ x, y }, index) => (
        <circle key={index} className={classes.corner} cx={x} cy={y} r={1.8} />
      ))}
    </svg>
  );
}
