import { Button } from "@mantine/core";
import { useState } from "react";
import { isOver, type Run } from "@/shared/runs/queries";
import { RunProgress } from "@/shared/runs/run-progress";
import { RunReport } from "@/shared/runs/run-report";
import { brought, REASON_WORDS, STATE_WORDS, took } from "@/shared/runs/words";
import { Moment } from "@/shared/time/moment";
import type { Columns } from "@/shared/ui/data-table";
import { several } from "@/shared/ui/numbers";
import { placeName, seen } from "@/shared/ui/outside";
import classes from "../watch.module.css";

const MARKS: Record<Run["state"], string> = { queued: "…", running: "▸", succeeded: "✓", failed: "!", cancelled: "■" };

function State({ run }: { run: Run }) {
  return (
    <span className={classes.state} data-state={run.state}>
      <span aria-hidden>{MARKS[run.state]}</span> {STATE_WORDS[run.state]}
    </span>
  );
}

/** What came of it in a line; the whole report, with all warnings, on demand. */
function Outcome({ run }: { run: Run }) {
  const [open, setOpen] = useState(false);
  if (!isOver(run)) return <RunProgress id={run.id} />;
  const name = seen(placeName(run.integration));
  return (
    <div>
      <span dir="auto">{run.error ? seen(run.error.detail) : brought(run)}</span>
      {run.warnings_total > 0 && (
        <span className={classes.warned}>, {several(run.warnings_total, "warning")}</span>
      )}{" "}
      <Button
        size="compact-xs"
        variant="default"
        aria-expanded={open}
        aria-label={`Report on run ${run.id} of ${name}`}
        onClick={() => setOpen(!open)}
      >
        Report
      </Button>
      {open && (
        <div className={classes.report}>
          <RunReport run={run} />
        </div>
      )}
    </div>
  );
}

export const RUN_COLUMNS: Columns<Run> = [
  { id: "state", header: "State", cell: ({ row: { original } }) => <State run={original} /> },
  {
    id: "integration",
    header: "Integration",
    cell: ({ row: { original } }) => (
      <div className={classes.of}>
        <div className={classes.name} dir="auto">
          {seen(placeName(original.integration))}
        </div>
        <small className={classes.soft} dir="auto">
          {[REASON_WORDS[original.reason], seen(original.what)].filter(Boolean).join(": ")}
        </small>
      </div>
    ),
  },
  { id: "outcome", header: "What came of it", cell: ({ row: { original } }) => <Outcome run={original} /> },
  {
    id: "took",
    header: "Took",
    cell: ({ row: { original } }) => <span className={classes.short}>{took(original) ?? "–"}</span>,
  },
  {
    id: "when",
    header: "When",
    cell: ({ row: { original } }) => (
      <span className={classes.short}>
        <Moment at={original.finished_at ?? original.created_at} />
      </span>
    ),
  },
];
