import { Table } from "@mantine/core";
import type { Schema } from "@/shared/api/client";
import { absolute } from "@/shared/time/words";
import { count } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import frame from "../rules.module.css";
import classes from "./preview.module.css";
import { TaskLink } from "./task-link";

const when = (at: string | null) => (at ? absolute(at) : "never");

function sooner(hours: number | null): string {
  if (hours === null) return "–";
  if (hours === 0) return "same time";
  return `${count(Math.round(Math.abs(hours) * 10) / 10)} h ${hours > 0 ? "earlier" : "later"}`;
}

/** What was late in the last days, and when it would have stood at the top. */
export function LateTasks({ history }: { history: Schema<"HistoryOut"> }) {
  return (
    <section aria-labelledby="late-heading">
      <h2 className={frame.heading} id="late-heading">
        The last {count(history.days)} days
      </h2>
      <p className={frame.about}>{seen(history.sentence)}</p>
      {history.rows.length > 0 && (
        // What scrolls has to be reached by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={classes.scroll} tabIndex={0} role="group" aria-label="Tasks that were late">
          <Table aria-labelledby="late-heading" withTableBorder miw="44rem">
            <Table.Thead>
              <Table.Tr>
                {["Task", "Was due", "In the top 20", "With this change", "Difference"].map((head) => (
                  <Table.Th scope="col" key={head}>
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {history.rows.map((row) => (
                <Table.Tr key={row.task}>
                  <Table.Td>
                    <TaskLink task={row.task} title={row.title} />
                  </Table.Td>
                  <Table.Td>{absolute(row.late_at)}</Table.Td>
                  <Table.Td>{when(row.first_in_top_twenty_before)}</Table.Td>
                  <Table.Td>{when(row.first_in_top_twenty_after)}</Table.Td>
                  <Table.Td>{sooner(row.earlier_h)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {history.notes.map((note) => (
        <p key={note} className={frame.about}>
          {seen(note)}
        </p>
      ))}
    </section>
  );
}
