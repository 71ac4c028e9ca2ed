import { count } from "@/shared/ui/numbers";
import { standingOf, type RuleHealth } from "../health/health-words";
import classes from "./rule-row.module.css";

/** On how many open tasks a rule has a line. Of a ruleset that does not rank nobody counts that. */
export function Touches({ health, tasks }: { health: RuleHealth | undefined; tasks: number }) {
  if (!health) return <p className={classes.touches} />;
  const standing = standingOf(health);
  return (
    <div className={classes.touches} data-standing={standing}>
      <p>
        {count(health.fired)} <span className={classes.of}>{health.fired === 1 ? "task" : "tasks"}</span>
      </p>
      <meter className={classes.meter} min={0} max={Math.max(tasks, 1)} value={health.fired} aria-hidden />
      {standing === "dead" && <p className={classes.of}>dead</p>}
      {standing === "fails" && <p className={classes.fails}>! fails on {count(health.errors)}</p>}
    </div>
  );
}
