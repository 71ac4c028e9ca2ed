import type { Score } from "@/shared/api/tasks";
import { count, several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { Fold } from "../section";
import classes from "./also-checked.module.css";

type Rule = Score["also_checked"][number];

const OUTCOMES: Record<Rule["outcome"], { mark: string; words: string }> = {
  no: { mark: "–", words: "Does not hold" },
  unknown: { mark: "?", words: "Not known" },
  error: { mark: "!", words: "Could not be applied" },
};

/** The rules that gave nothing, and why not. */
export function AlsoChecked({ rules }: { rules: readonly Rule[] }) {
  if (rules.length === 0) return null;
  const failed = rules.filter((rule) => rule.outcome === "error").length;
  const hint = `${several(rules.length, "rule")} that gave nothing${failed ? `, ${count(failed)} of them with an error` : ""}`;
  return (
    <Fold title="Also checked" hint={hint}>
      <ul className={classes.rules}>
        {rules.map((rule) => (
          <li key={rule.rule} data-outcome={rule.outcome}>
            <span className={classes.mark} title={OUTCOMES[rule.outcome].words}>
              <span aria-hidden>{OUTCOMES[rule.outcome].mark}</span>
              <span className="unseen">{OUTCOMES[rule.outcome].words}: </span>
            </span>
            <span dir="auto">
              <strong>{rule.title}</strong> <span className={classes.because}>{seen(rule.because)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
