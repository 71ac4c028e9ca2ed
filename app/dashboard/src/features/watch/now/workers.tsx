import { Code } from "@mantine/core";
import { Moment } from "@/shared/time/moment";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { seen } from "@/shared/ui/outside";
import type { Worker } from "../queries";
import classes from "../watch.module.css";

const ROLES: Record<string, string> = { serve: "serve: answers, and carries out jobs", worker: "worker: jobs alone" };

const COLUMNS: Columns<Worker> = [
  { id: "role", header: "Process", cell: ({ row: { original } }) => ROLES[original.role] ?? original.role },
  {
    id: "host",
    header: "Where",
    cell: ({ row: { original } }) => (
      <>
        {seen(original.host)}, process {original.pid}
      </>
    ),
  },
  { id: "version", header: "Version", cell: ({ row: { original } }) => original.version },
  {
    id: "seen",
    header: "Last sign of life",
    cell: ({ row: { original } }) => (
      <span className={classes.short}>
        <Moment at={original.seen_at} />
      </span>
    ),
  },
  { id: "id", header: "Its id", cell: ({ row: { original } }) => <Code>{original.id}</Code> },
];

/** The processes that live and carry out jobs. */
export function Workers({ workers }: { workers: readonly Worker[] }) {
  if (workers.length === 0)
    return (
      <p className={classes.about}>
        No process that carries out jobs lives. Each would stand here with its last sign of life.
      </p>
    );
  return <DataTable label="Processes that carry out jobs" rows={workers} columns={COLUMNS} rowId={({ id }) => id} />;
}
