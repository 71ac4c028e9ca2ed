import { term } from "@/shared/ui/numbers";
import type { RuleText } from "../document";
import type { PointsDraft } from "../edit/points-draft";
import type { RuleHealth } from "../health/health-words";
import { Condition, FactName } from "./condition";
import { CurveDrawing } from "./curve-drawing";
import { alongWords, cornerWords, rangeWords } from "./curve-words";
import { RulePoints } from "./rule-points";
import classes from "./rule-row.module.css";
import { Sentence } from "./sentence";
import { Touches } from "./touches";

/** One rule as anyone can read it: what it looks at, what it gives, what it says, how many tasks it touches. */
export function RuleRow({
  rule,
  health,
  tasks,
  asWritten,
  drafted,
}: {
  rule: RuleText;
  health: RuleHealth | undefined;
  tasks: number;
  asWritten: boolean;
  /** Null for who may only read. */
  drafted: PointsDraft | null;
}) {
  const { curve } = rule;
  return (
    <li className={classes.row} id={`rule-${rule.id}`}>
      <div className={classes.main}>
        <p className={classes.title}>
          <span dir="auto">{rule.title}</span> <code className={classes.id}>{rule.id}</code>
        </p>
        <p className={classes.when}>
          {rule.when && <Condition when={rule.when} asWritten={asWritten} />}
          {rule.when && curve && ", "}
          {curve && <Along text={alongWords(curve)} fact={curve.fact} />}
          {!rule.when && !curve && "always"}
        </p>
        <Sentence say={rule.say} />
        {curve && (
          <details className={classes.corners}>
            <summary>All points of the curve</summary>
            <ul>
              {cornerWords(curve).map((corner, index) => (
                <li key={index}>{corner}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <div className={classes.drawing}>{curve && <CurveDrawing curve={curve} />}</div>
      <p className={classes.points}>
        {curve ? rangeWords(curve) : drafted ? <RulePoints rule={rule} drafted={drafted} /> : term(rule.points ?? 0)}
      </p>
      <Touches health={health} tasks={tasks} />
    </li>
  );
}

function Along({ text, fact }: { text: string; fact: string }) {
  const [before = "", after = ""] = text.split(new RegExp(`\\b${fact}\\b`));
  return (
    <span>
      {before}
      <FactName name={fact} />
      {after}
    </span>
  );
}
