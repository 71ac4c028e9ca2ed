import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { isOver, runQuery, runsQuery, type Run } from "@/shared/runs/queries";
import { RunReport } from "@/shared/runs/run-report";
import { brought, REASON_WORDS, STATE_WORDS, took } from "@/shared/runs/words";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { placeName, seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import classes from "./runs-list.module.css";

function Report({ id }: { id: number }) {
  const { data: run, error, refetch } = useQuery(runQuery(id));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  return run ? <RunReport run={run} /> : <Skeleton height={40} />;
}

function RunLine({ run, named }: { run: Run; named: boolean }) {
  const [open, setOpen] = useState(false);
  const name = named ? seen(placeName(run.integration)) : seen(run.what);
  return (
    <li className={classes.run} data-state={run.state}>
      <button type="button" className={classes.line} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={classes.state}>{STATE_WORDS[run.state]}</span>
        <span className={classes.name} dir="auto">
          {name}
        </span>
        <span className={classes.what}>
          {run.error && isOver(run) ? seen(run.error.detail) : brought(run)}
          {run.warnings_total > 0 && `, ${several(run.warnings_total, "warning")}`}
        </span>
        <span className={classes.why}>{REASON_WORDS[run.reason]}</span>
        <span className={classes.when}>
          {took(run) && `${took(run) ?? ""} · `}
          <Moment at={run.finished_at ?? run.created_at} />
        </span>
      </button>
      {open && (
        <div className={classes.report}>
          <Report id={run.id} />
        </div>
      )}
    </li>
  );
}

/** Runs, newest first: of one integration, or of all. */
export function RunsList({ integration }: { integration: number | null }) {
  const may = useMay();
  const allowed = may("runs:read");
  const asked = useInfiniteQuery({ ...runsQuery(integration), enabled: allowed });
  if (!allowed) return null;
  if (asked.isPending) return <Skeleton height={120} />;
  const runs = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {asked.error && <ProblemPanel error={asked.error} onRetry={() => void asked.refetch()} />}
      {!asked.error && runs.length === 0 && <p className={classes.none}>Nothing was pulled or imported yet.</p>}
      {runs.length > 0 && (
        <ul className={classes.runs}>
          {runs.map((run) => (
            <RunLine key={run.id} run={run} named={integration === null} />
          ))}
        </ul>
      )}
      {asked.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </>
  );
}
