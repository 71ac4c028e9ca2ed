import { useMemo } from "react";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { placeName, seen } from "@/shared/ui/outside";
import type { Pace } from "../queries";
import classes from "../watch.module.css";
import { readWords, runsWords, seconds, shareOf, type Share } from "./pace";

/** Says the same as the words beside it, to be compared at a glance: what went badly stands at its end. */
function Bar({ share }: { share: Share }) {
  return (
    <svg className={classes.bar} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
      <rect className={classes.trough} width="100" height="6" />
      <rect className={classes.well} width={share.whole - share.bad} height="6" />
      <rect className={classes.badly} x={share.whole - share.bad} width={share.bad} height="6" />
    </svg>
  );
}

/** The longest bars are those of the most: of runs and of items, each by itself. */
const columnsFor = (mostRuns: number, mostRead: number): Columns<Pace> => [
  {
    id: "integration",
    header: "Integration",
    cell: ({ row: { original } }) => (
      <div>
        <div className={classes.name} dir="auto">
          {seen(placeName(original.name))}
        </div>
        <small className={classes.soft}>
          {original.kind.replaceAll("_", " ")}
          {original.name !== placeName(original.name) && ", sample data"}
        </small>
      </div>
    ),
  },
  {
    id: "runs",
    header: "Runs",
    cell: ({ row: { original } }) => (
      <div className={classes.measured}>
        {runsWords(original)}
        <Bar share={shareOf(original.runs, original.failed, mostRuns)} />
      </div>
    ),
  },
  {
    id: "read",
    header: "Read",
    cell: ({ row: { original } }) => (
      <div className={classes.measured}>
        {readWords(original)}
        <Bar share={shareOf(original.read, original.refused, mostRead)} />
      </div>
    ),
  },
  { id: "median", header: "Median", cell: ({ row: { original } }) => seconds(original.median_s) },
  { id: "worst", header: "Longest", cell: ({ row: { original } }) => seconds(original.worst_s) },
  {
    id: "age",
    header: "Behind at most",
    cell: ({ row: { original } }) => (original.worst_age_s === null ? "not pulled" : seconds(original.worst_age_s)),
  },
];

export function PaceTable({ paces }: { paces: readonly Pace[] }) {
  const mostRuns = Math.max(...paces.map(({ runs }) => runs));
  const mostRead = Math.max(...paces.map(({ read }) => read));
  const columns = useMemo(() => columnsFor(mostRuns, mostRead), [mostRuns, mostRead]);
  return (
    <DataTable
      label="How each integration went"
      rows={paces}
      columns={columns}
      rowId={({ integration }) => String(integration)}
    />
  );
}
