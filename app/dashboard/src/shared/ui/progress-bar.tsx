import classes from "./progress-bar.module.css";

/** How far something is, 0 to 1; null where nobody knows. */
export function ProgressBar({ label, part }: { label: string; part: number | null }) {
  return <progress className={classes.bar} aria-label={label} {...(part === null ? {} : { value: part, max: 1 })} />;
}
