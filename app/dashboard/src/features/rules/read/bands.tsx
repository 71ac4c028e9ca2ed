import { BandMark } from "@/shared/ui/band";
import { count } from "@/shared/ui/numbers";
import type { RulesetText } from "../document";
import classes from "./bands.module.css";

/** From how many points on a task is in which band. */
export function Bands({ bands }: { bands: RulesetText["bands"] }) {
  return (
    <ul className={classes.bands} aria-label="Bands">
      {bands.map(({ band, from }) => (
        <li key={band}>
          <BandMark group={band} /> from {count(from)} points
        </li>
      ))}
      <li>
        <BandMark group="someday" /> below that
      </li>
    </ul>
  );
}
