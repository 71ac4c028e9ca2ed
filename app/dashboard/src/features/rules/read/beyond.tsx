import { count } from "@/shared/ui/numbers";
import type { InheritText, RulesetText } from "../document";
import { PartLink } from "../part-link";
import classes from "../rules.module.css";
import { Condition } from "./condition";
import { spanWords } from "./curve-words";

/** What else a ruleset says: targets of its clocks, and what a task has from those that wait for it. */
export function Beyond({ text, asWritten }: { text: RulesetText; asWritten: boolean }) {
  return (
    <>
      {text.targets.length > 0 && (
        <section aria-label="Targets">
          <h2 className={classes.heading}>
            Targets<span className={classes.headingNote}>the first that applies to a clock counts</span>
          </h2>
          <ul className={classes.list}>
            {text.targets.map((target) => (
              <li key={target.id}>
                <span dir="auto">{target.title}</span>
                <span className={classes.headingNote}>
                  {spanWords(target.within)}
                  {target.calendar && (
                    <>
                      {" in the hours of "}
                      <PartLink tab="calendars">{target.calendar}</PartLink>
                    </>
                  )}{" "}
                  {target.when && <Condition when={target.when} asWritten={asWritten} />}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {text.inherit && (
        <section aria-label="What waits for a task">
          <h2 className={classes.heading}>What waits for a task lifts it</h2>
          <p className={classes.about}>{inheritWords(text.inherit)}</p>
        </section>
      )}
    </>
  );
}

function inheritWords({ share, cap, atLeast, without }: InheritText): string {
  const some =
    share === null
      ? ""
      : `It has ${count(share * 100)} % of the points of each open task that waits for it${cap === null ? "" : `, together at most ${count(cap)}`}. `;
  const above = atLeast ? "It stands at least as high as the highest of them. " : "";
  const left = without.length ? `Left out of what they would have: ${without.join(", ")}.` : "";
  return `${some}${above}${left}`.trim();
}
