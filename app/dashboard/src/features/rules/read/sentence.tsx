import { Fragment } from "react";
import classes from "./rule-row.module.css";

/** What a rule says where it applies; places that a task fills in look like such. */
export function Sentence({ say }: { say: string }) {
  return (
    <span className={classes.say} dir="auto">
      {say.split(/(\{[^}]*\})/).map((part, index) =>
        part.startsWith("{") ? (
          <span key={index} className={classes.place}>
            {part.slice(1, -1).replaceAll("|", " or ")}
          </span>
        ) : (
          <Fragment key={index}>{part.replaceAll(/[[\]]/g, "")}</Fragment>
        ),
      )}
    </span>
  );
}
