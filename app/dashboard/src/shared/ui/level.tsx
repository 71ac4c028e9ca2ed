import type { Schema } from "../api/client";
import classes from "./level.module.css";

const WORDS: Record<Schema<"Health">["level"], string> = {
  NORMAL: "Normal",
  DEGRADED: "Degraded",
  CRITICAL: "Critical",
  OFFLINE: "Offline",
};
const MARKS: Record<Schema<"Health">["level"], string> = { NORMAL: "✓", DEGRADED: "~", CRITICAL: "!", OFFLINE: "×" };

/** A level, told by word and mark as well as by colour. */
export function Level({ level }: { level: Schema<"Health">["level"] }) {
  return (
    <span className={classes.level} data-level={level}>
      <span className={classes.mark} aria-hidden>
        {MARKS[level]}
      </span>
      {WORDS[level]}
    </span>
  );
}
