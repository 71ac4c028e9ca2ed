import { Text } from "@mantine/core";
import { seen } from "../ui/outside";
import type { Run } from "./queries";
import classes from "./runs.module.css";
import { Warnings } from "./warnings";
import { becameOf, equation } from "./words";

/** What came of a run that is over: whether it ended well, the counts, the tasks, what was odd, what would help. */
export function RunReport({ run }: { run: Run }) {
  return (
    <div className={classes.report}>
      {run.state !== "succeeded" && (
        <Text size="sm" className={classes.failed} dir="auto">
          {run.error ? seen(run.error.detail) : "It was stopped before its end. What it stored stays."}
        </Text>
      )}
      <p className={classes.equation}>{equation(run)}</p>
      <p>{becameOf(run)}</p>
      {run.hint && (
        <p className={classes.hint} dir="auto">
          {seen(run.hint)}
        </p>
      )}
      <Warnings run={run} />
    </div>
  );
}
