import type { Schema } from "@/shared/api/client";
import { seen } from "@/shared/ui/outside";
import classes from "./mapping.module.css";

const STATUSES: Record<string, string> = { open: "Open", done: "Done", declined: "Declined" };
const FIELDS_SHOWN = 4;
const FIELD_LENGTH = 60;

function dueIn(zone: string, at: string) {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  return `Due ${format.format(new Date(at))} (${zone.replaceAll("_", " ")})`;
}

function parts(row: Schema<"RowOut">, zone: string): string[] {
  return [
    row.status === null ? "A record, no task" : row.status_name || STATUSES[row.status],
    row.due_at && dueIn(zone, row.due_at),
    row.priority && `${row.priority} priority`,
    row.assignees.length > 0 && `For ${row.assignees.join(", ")}`,
    row.project,
    ...row.labels,
  ].filter((part): part is string => Boolean(part));
}

/** A row as its task would be. */
export function RowPreview({ row, zone }: { row: Schema<"RowOut">; zone: string }) {
  const kept = row.fields.slice(0, FIELDS_SHOWN).map(({ name, value }) => `${name}: ${value.slice(0, FIELD_LENGTH)}`);
  const more = row.fields.length - kept.length;
  return (
    <li className={classes.row} data-open={row.status === "open"}>
      <p className={classes.rowTitle} dir="auto">
        {seen(row.title) || "(no title)"}
      </p>
      <p className={classes.rowFacts}>
        {parts(row, zone).map((part, place) => (
          <span key={place} dir="auto">
            {seen(part)}
          </span>
        ))}
      </p>
      {kept.length > 0 && (
        <p className={classes.rowFields} dir="auto">
          {seen(kept.join(" · "))}
          {more > 0 && ` and ${more} more`}
        </p>
      )}
      {row.not_for_us && (
        <p className={classes.rowFields} dir="auto">
          {seen(row.not_for_us)}
        </p>
      )}
      {row.problems.map((problem) => (
        <p key={problem} className={classes.rowProblem} dir="auto">
          {seen(problem)}
        </p>
      ))}
    </li>
  );
}
