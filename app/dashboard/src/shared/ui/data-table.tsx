import { FlexRender, tableFeatures, useTable, type ColumnDef, type RowData } from "@tanstack/react-table";
import classes from "./data-table.module.css";

const features = tableFeatures({});

export type Columns<Row extends RowData> = ColumnDef<typeof features, Row>[];

/** A table that becomes a list of cards on a phone, each cell under its column's name. */
export function DataTable<Row extends RowData>({
  label,
  rows,
  columns,
  rowId,
}: {
  label: string;
  rows: readonly Row[];
  columns: Columns<Row>;
  rowId: (row: Row) => string;
}) {
  const table = useTable({ features, columns, data: rows, getRowId: rowId });
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <th key={header.id} scope="col">
                <FlexRender header={header} />
              </th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id}>
            {row.getAllCells().map((cell) => (
              <td
                key={cell.id}
                data-label={typeof cell.column.columnDef.header === "string" ? cell.column.columnDef.header : undefined}
              >
                <FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
