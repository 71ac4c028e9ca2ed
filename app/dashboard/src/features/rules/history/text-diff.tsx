import { seen } from "@/shared/ui/outside";
import { diffLines } from "./changes";
import classes from "./history.module.css";

const SIGNS = { added: "+", removed: "−", same: " ", place: "" } as const;

/** What changed line by line. */
export function TextDiff({ text }: { text: string }) {
  return (
    // What scrolls has to be reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.diff} tabIndex={0} role="group" aria-label="Changes line by line">
      {diffLines(text).map((line, index) => (
        <div key={index} data-kind={line.kind}>
          {SIGNS[line.kind]} {seen(line.text)}
        </div>
      ))}
    </div>
  );
}
