import { NativeSelect } from "@mantine/core";
import { useId } from "react";
import type { Schema } from "@/shared/api/client";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { chosen, corrected, FIELDS, KEEP, LEAVE, meaningOf, whyOf, type Column, type Corrections } from "./columns";
import classes from "./mapping.module.css";
import { RowPreview } from "./row-preview";

type Table = Schema<"TableOut">;

const CHOICES = [
  { value: KEEP, label: "Keep as it is" },
  { value: LEAVE, label: "Leave it out" },
  ...Object.entries(FIELDS).map(([value, label]) => ({ value, label })),
];

function ColumnLine({ column, onMeans }: { column: Column; onMeans: (value: string) => void }) {
  const id = useId();
  return (
    <li className={classes.column} data-meaning={meaningOf(column)}>
      <label htmlFor={id} className={classes.name} dir="auto">
        {seen(column.name) || "(no name)"}
      </label>
      <span className={classes.examples} dir="auto">
        {seen(column.examples.join(" · ")) || "(empty)"}
      </span>
      <NativeSelect
        id={id}
        className={classes.choice}
        classNames={{ description: classes.why ?? "" }}
        description={<span dir="auto">{seen(whyOf(column))}</span>}
        inputWrapperOrder={["input", "description"]}
        value={chosen(column)}
        data={CHOICES}
        onChange={(event) => onMeans(event.currentTarget.value)}
      />
    </li>
  );
}

/** One table of a file: what its columns mean, and what its first rows would become. */
export function TablePreview({
  table,
  guessed,
  alone,
  open,
  said,
  onChange,
}: {
  table: Table;
  /** The table as it was read before anything was said. */
  guessed: Table | undefined;
  alone: boolean;
  open: boolean;
  said: Corrections;
  onChange: (said: Corrections) => void;
}) {
  const name = seen(table.name);
  const content = (
    <>
      <ul className={classes.columns} aria-label={`Columns of ${name}`}>
        {table.columns.map((column, place) => (
          <ColumnLine
            key={place}
            column={column}
            onMeans={(value) =>
              onChange(corrected(said, column.name, value, chosen(guessed?.columns[place] ?? column)))
            }
          />
        ))}
      </ul>
      {table.rows.length > 0 && (
        <h3 className={classes.rowsTitle}>
          {table.rows.length > 1 ? `The first ${table.rows.length} rows would become` : "Its row would become"}
        </h3>
      )}
      <ol className={classes.rows}>
        {table.rows.map((row, place) => (
          <RowPreview key={place} row={row} zone={said.zone || "UTC"} />
        ))}
      </ol>
    </>
  );
  if (alone) return <section aria-label={name}>{content}</section>;
  const understood = table.columns.filter((column) => column.field !== null).length;
  return (
    <details className={classes.table} open={open}>
      <summary>
        <strong dir="auto">{name}</strong> {understood} of {several(table.columns.length, "column")} understood
      </summary>
      {content}
    </details>
  );
}
