import { Text } from "@mantine/core";
import { count, several, term } from "@/shared/ui/numbers";
import { matches, type GroupText, type RulesetText } from "../document";
import type { PointsDraft } from "../edit/points-draft";
import type { Health } from "../health/health-words";
import classes from "../rules.module.css";
import { Beyond } from "./beyond";
import { OverrideList } from "./override-list";
import { RuleRow } from "./rule-row";

type Shown = {
  text: RulesetText;
  health: Health | undefined;
  sought: string;
  asWritten: boolean;
  drafted: PointsDraft | null;
};

/** All rules by their groups, and what comes after the sum. */
export function RuleList({ text, health, sought, asWritten, drafted }: Shown) {
  const found = { ...text, rules: text.rules.filter((rule) => matches(rule, sought)) };
  const overrides = text.overrides.filter((override) => matches(override, sought));
  const of = new Map(health?.rules.map((rule) => [rule.rule, rule]));
  const groups: (GroupText | null)[] = [null, ...text.groups];
  return (
    <>
      {sought && (
        <Text size="sm" role="status">
          {several(found.rules.length + overrides.length, "rule")} found.
        </Text>
      )}
      {groups.map((group) => {
        const rules = found.rules.filter((rule) => (rule.group ?? null) === (group?.id ?? null));
        if (rules.length === 0) return null;
        return (
          <section key={group?.id ?? ""} aria-label={group?.title ?? "Each by itself"}>
            <h2 className={classes.heading}>
              {group?.title ?? "Each by itself"}
              {group && <span className={classes.headingNote}>{boundsWords(group)}</span>}
            </h2>
            <ul className={classes.list}>
              {rules.map((rule) => (
                <RuleRow
                  key={rule.id}
                  rule={rule}
                  health={of.get(rule.id)}
                  tasks={health?.tasks ?? 0}
                  asWritten={asWritten}
                  drafted={drafted}
                />
              ))}
            </ul>
          </section>
        );
      })}
      <OverrideList overrides={overrides} of={of} tasks={health?.tasks ?? 0} asWritten={asWritten} />
      {!sought && <Beyond text={text} asWritten={asWritten} />}
    </>
  );
}

function boundsWords({ cap, floor }: GroupText): string {
  const most = cap === null ? null : `at most ${term(cap)}`;
  const least = floor === null ? null : `at least ${floor === 0 ? "0" : count(floor)}`;
  return `together ${[most, least].filter(Boolean).join(" and ") || "without bounds"}`;
}
