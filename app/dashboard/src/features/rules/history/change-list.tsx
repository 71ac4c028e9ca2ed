import { count } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import frame from "../rules.module.css";
import { changeWords, valueWords, type Change } from "./changes";
import classes from "./history.module.css";

const SHOWN = 30;

/** What differs between two rulesets in meaning, by rule and field. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className={frame.about}>Nothing differs in meaning.</p>;
  return (
    <>
      <ul className={frame.list}>
        {changes.slice(0, SHOWN).map((change) => (
          <li key={change.section + change.id} className={classes.change} data-what={change.what}>
            <p className={classes.changeHead}>
              {changeWords(change)} <span dir="auto">{change.title === change.id ? "" : seen(change.title)}</span>
            </p>
            <Fields change={change} />
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && <p className={frame.about}>And {count(changes.length - SHOWN)} more.</p>}
    </>
  );
}

function Fields({ change }: { change: Change }) {
  return (
    <dl className={classes.fields}>
      {change.fields.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd dir="auto">
            {change.what !== "added" && <del>{seen(valueWords(before))}</del>}
            {change.what === "changed" && " → "}
            {change.what !== "removed" && <ins>{seen(valueWords(after))}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
