import type { OverrideText } from "../document";
import type { RuleHealth } from "../health/health-words";
import classes from "../rules.module.css";
import { Condition } from "./condition";
import row from "./rule-row.module.css";
import { Sentence } from "./sentence";
import { Touches } from "./touches";

/** What comes after the sum, from top to bottom. */
export function OverrideList({
  overrides,
  of,
  tasks,
  asWritten,
}: {
  overrides: OverrideText[];
  of: ReadonlyMap<string, RuleHealth>;
  tasks: number;
  asWritten: boolean;
}) {
  if (overrides.length === 0) return null;
  return (
    <section aria-label="Overrides">
      <h2 className={classes.heading}>
        Overrides<span className={classes.headingNote}>after the sum, from top to bottom</span>
      </h2>
      <ul className={classes.list}>
        {overrides.map((override) => (
          <li key={override.id} className={row.row}>
            <div className={row.main}>
              <p className={row.title}>
                <span dir="auto">{override.title}</span> <code className={row.id}>{override.id}</code>
              </p>
              <p className={row.when}>
                {override.when ? <Condition when={override.when} asWritten={asWritten} /> : "always"}: {override.effect}
              </p>
              <Sentence say={override.say} />
            </div>
            <span />
            <span />
            <Touches health={of.get(override.id)} tasks={tasks} />
          </li>
        ))}
      </ul>
    </section>
  );
}
