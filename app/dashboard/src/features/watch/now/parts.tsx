import { Moment } from "@/shared/time/moment";
import { useNow } from "@/shared/time/now";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { Level } from "@/shared/ui/level";
import { seen } from "@/shared/ui/outside";
import type { Part } from "../queries";
import classes from "../watch.module.css";
import { aboutPart, breakerWords } from "./words";

function Breaker({ breaker }: Pick<Part, "breaker">) {
  const now = useNow();
  return (
    <span className={classes.breaker} data-state={breaker?.state}>
      {breakerWords(breaker, now)}
    </span>
  );
}

const COLUMNS: Columns<Part> = [
  {
    id: "part",
    header: "Part",
    cell: ({ row: { original } }) => (
      <div>
        <div className={classes.name} dir="auto">
          {seen(original.name)}
        </div>
        <small className={classes.soft}>{aboutPart(original)}</small>
      </div>
    ),
  },
  { id: "level", header: "Level", cell: ({ row: { original } }) => <Level level={original.level} /> },
  { id: "reason", header: "Why", cell: ({ row: { original } }) => <span dir="auto">{seen(original.reason)}</span> },
  {
    id: "since",
    header: "Since",
    cell: ({ row: { original } }) => (
      <span className={classes.short}>
        <Moment at={original.since} />
      </span>
    ),
  },
  { id: "breaker", header: "Breaker", cell: ({ row: { original } }) => <Breaker breaker={original.breaker} /> },
];

export function Parts({ parts }: { parts: readonly Part[] }) {
  return (
    <DataTable
      label="Parts and their levels"
      rows={parts}
      columns={COLUMNS}
      rowId={({ kind, name }) => `${kind} ${name}`}
    />
  );
}
