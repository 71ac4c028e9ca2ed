import type { Schema } from "@/shared/api/client";
import { count, several, term } from "@/shared/ui/numbers";

export type RuleHealth = Schema<"RuleHealthOut">;
export type Health = Schema<"RulesHealthOut">;

export type Standing = "fails" | "dead" | "always" | "silent" | "fires";

const ALWAYS = 0.95;

/** What is to be said of a rule first: what is wrong goes before what is only remarkable. */
export function standingOf(rule: RuleHealth): Standing {
  if (rule.errors > 0) return "fails";
  if (rule.dead) return "dead";
  if (rule.fired === 0) return "silent";
  return rule.share >= ALWAYS ? "always" : "fires";
}

export const STANDING_NAMES: Record<Standing, string> = {
  fails: "Fails",
  dead: "Dead",
  always: "Nearly always",
  silent: "Silent now",
  fires: "Works",
};

const percent = (share: number) => `${count(Math.round(share * 100))} %`;

function mainSentence(rule: RuleHealth, { days, tasks }: Health): string {
  switch (standingOf(rule)) {
    case "fails":
      return `It could not be applied to ${several(rule.errors, "task")}, and gives nothing there. ${rule.failing?.because ?? ""}`.trim();
    case "dead":
      return `It gave nothing to any open task, nor to anything known in the last ${several(days, "day")}.`;
    case "always":
      return `It applies to ${percent(rule.share)} of the tasks: what nearly all have tells them apart no more.`;
    case "silent":
      return "It gives nothing to any task that is open now, but did in the days before.";
    case "fires":
      return `It applies to ${count(rule.fired)} of ${several(tasks, "open task")}${gives(rule)}.`;
  }
}

const gives = ({ points_mean, points_total }: RuleHealth) =>
  points_mean === null
    ? ""
    : `, and gives ${term(Math.round(points_mean * 10) / 10)} each on average, ${term(points_total)} in all`;

/** All that is to be said of a rule, the weightiest first. */
export function sentences(rule: RuleHealth, health: Health): string[] {
  const against = rule.overridden
    ? [`People ranked ${several(rule.overridden, "time")} a task above one that had this rule in its favour.`]
    : [];
  return [mainSentence(rule, health), ...rule.contradicts.map(contradiction), ...against];
}

const contradiction = ({ title, tasks, cancelled }: RuleHealth["contradicts"][number]) =>
  `On ${several(tasks, "task")} “${title}” does the opposite: ${percent(cancelled)} of the larger of the two cancels out.`;

/** Whether somebody should look at the rule. */
export const needsALook = (rule: RuleHealth) =>
  ["fails", "dead", "always"].includes(standingOf(rule)) || rule.contradicts.length > 0 || rule.overridden > 0;

const ORDER: readonly Standing[] = ["fails", "dead", "always", "silent", "fires"];

/** What needs a look first; within that, as the ruleset has it. */
export const byNeed = (rules: readonly RuleHealth[]) =>
  rules.toSorted(
    (one, other) =>
      Number(needsALook(other)) - Number(needsALook(one)) ||
      ORDER.indexOf(standingOf(one)) - ORDER.indexOf(standingOf(other)),
  );
