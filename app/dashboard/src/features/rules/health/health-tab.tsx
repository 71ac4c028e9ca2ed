import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { count, several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { Loaded } from "../loaded";
import { healthQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import {
  byNeed,
  needsALook,
  sentences,
  standingOf,
  STANDING_NAMES,
  type Health,
  type RuleHealth,
} from "./health-words";
import classes from "./health.module.css";

/** How each rule of the active ruleset fares, in words; what needs a look first. */
export function HealthTab() {
  const query = useQuery(healthQuery);
  return (
    <Loaded query={query} waiting={<RowSkeletons rows={10} />}>
      {(health) => <Report health={health} isFetching={query.isFetching} onAgain={() => void query.refetch()} />}
    </Loaded>
  );
}

function Report({ health, isFetching, onAgain }: { health: Health; isFetching: boolean; onAgain: () => void }) {
  const wanting = health.rules.filter(needsALook);
  const [shown, setShown] = useState("all");
  const rules = shown === "look" ? wanting : health.rules;
  return (
    <>
      <div className={frame.bar}>
        <div>
          <h2 className={classes.summary}>
            {wanting.length === 0
              ? "All rules fare well"
              : `${several(wanting.length, "rule needs", "rules need")} a look, of ${count(health.rules.length)}`}
          </h2>
          <p className={classes.about}>
            {health.ruleset.name}, version {health.ruleset.version}, over{" "}
            {health.tasks < health.of
              ? `the first ${count(health.tasks)} of ${count(health.of)} open tasks`
              : several(health.tasks, "open task")}{" "}
            and what was known of tasks in the last {health.days} days.
            {health.rules.some(({ dead }) => dead) &&
              " Of a dead rule, perhaps nobody has need, or it asks for a fact that your sources never have."}
          </p>
        </div>
        <SegmentedControl
          aria-label="Which rules"
          value={shown}
          onChange={setShown}
          data={[
            { value: "all", label: "All" },
            { value: "look", label: `Need a look (${count(wanting.length)})` },
          ]}
        />
        <Button variant="default" loading={isFetching} onClick={onAgain}>
          Look again
        </Button>
      </div>
      {health.notes.map((note) => (
        <p key={note} className={frame.about}>
          {seen(note)}
        </p>
      ))}
      {rules.length > 0 && (
        <ul className={frame.list}>
          {byNeed(rules).map((rule) => (
            <Row key={rule.rule} rule={rule} health={health} />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ rule, health }: { rule: RuleHealth; health: Health }) {
  return (
    <li className={classes.row}>
      <p className={classes.standing} data-standing={standingOf(rule)}>
        {STANDING_NAMES[standingOf(rule)]}
      </p>
      <div>
        <p className={classes.title}>
          <span dir="auto">{rule.title}</span> <code className={frame.soft}>{rule.rule}</code>
          {rule.override && <span className={frame.soft}> override</span>}
        </p>
        {sentences(rule, health).map((sentence) => (
          <p key={sentence} className={classes.sentence} dir="auto">
            {seen(sentence)}
          </p>
        ))}
        {rule.failing && <Failing tasks={rule.failing.tasks} />}
      </div>
    </li>
  );
}

function Failing({ tasks }: { tasks: readonly number[] }) {
  return (
    <p className={classes.sentence}>
      For example on{" "}
      {tasks.map((task, index) => (
        <span key={task}>
          {index > 0 && ", "}
          <Link to="/tasks/$taskId" params={{ taskId: task }} className={classes.link}>
            task {task}
          </Link>
        </span>
      ))}
      .
    </p>
  );
}
