import { BandMark, BAND_NAMES, type Group } from "@/shared/ui/band";
import { count as inWords } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import type { Line } from "./lines";
import classes from "./list.module.css";

type Heading = Extract<Line, { kind: "head" }>;

/** How many are below it: as counted; else those that are loaded, with a plus where more may come. */
const number = ({ tasks, whole }: Heading, count: number | undefined) =>
  count === undefined ? `${inWords(tasks)}${whole ? "" : "+"}` : inWords(Math.max(count, whole ? tasks : 0));

/** What the tasks below it have in common. Without a `line` it only repeats what is scrolled away. */
export function HeadRow({ heading, count, line }: { heading: Heading; count: number | undefined; line?: number }) {
  const content = (
    <>
      {heading.key in BAND_NAMES ? <BandMark group={heading.key as Group} /> : <b dir="auto">{seen(heading.title)}</b>}
      <span className={classes.count}>{number(heading, count)}</span>
    </>
  );
  if (line === undefined) return <div className={classes.heading}>{content}</div>;
  return (
    <div role="row" aria-rowindex={line} className={classes.heading}>
      <span role="rowheader" className={classes.headcell}>
        {content}
      </span>
    </div>
  );
}
