import type { Schema } from "@/shared/api/client";
import { count, several } from "@/shared/ui/numbers";
import frame from "../rules.module.css";
import classes from "./preview.module.css";

type Changed = Schema<"ChangedRuleOut">;

/** How often each added or changed rule would apply: one that never does is perhaps a mistake. */
export function ChangedRules({ rules, tasks }: { rules: readonly Changed[]; tasks: number }) {
  if (rules.length === 0) return null;
  return (
    <section aria-label="Added and changed rules">
      <h2 className={frame.heading}>Added and changed rules</h2>
      <ul className={frame.list}>
        {rules.map((rule) => (
          <li key={rule.rule}>
            <span dir="auto">{rule.title}</span> <code>{rule.rule}</code>, {rule.what}:{" "}
            {rule.fires === 0 ? (
              <strong className={classes.warn}>! applies to no open task</strong>
            ) : (
              `applies to ${count(rule.fires)} of ${several(tasks, "open task")}`
            )}
            {rule.cut && <Cut cut={rule.cut} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cut({ cut }: { cut: NonNullable<Changed["cut"]> }) {
  const words = `the bound of the group ${cut.group} cuts ${count(cut.points)} of its ${count(cut.of)} points on ${several(cut.tasks, "task")}`;
  return cut.mostly ? <strong className={classes.warn}>; ! {words}</strong> : <>; {words}</>;
}
