import { Table } from "@mantine/core";
import type { Schema } from "@/shared/api/client";
import { BandMark } from "@/shared/ui/band";
import { count } from "@/shared/ui/numbers";
import frame from "../rules.module.css";

const BANDS = ["now", "next", "later", "someday"] as const;

/** How many tasks are in each band, today and with the change, and how many come and leave. */
export function BandTable({ bands }: { bands: Schema<"BandsOut"> }) {
  return (
    <section aria-labelledby="bands-heading">
      <h2 className={frame.heading} id="bands-heading">
        Bands
      </h2>
      <Table aria-labelledby="bands-heading" withTableBorder>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Band</Table.Th>
            {["Today", "With this change", "Come", "Leave"].map((head) => (
              <Table.Th scope="col" ta="right" key={head}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {BANDS.map((band) => {
            const { before, after, came, left } = bands[band];
            return (
              <Table.Tr key={band}>
                <Table.Th scope="row">
                  <BandMark group={band} />
                </Table.Th>
                <Table.Td ta="right">{count(before)}</Table.Td>
                <Table.Td ta="right" fw={after === before ? 400 : 600}>
                  {count(after)}
                </Table.Td>
                <Table.Td ta="right">{came ? `+${count(came)}` : "–"}</Table.Td>
                <Table.Td ta="right">{left ? `−${count(left)}` : "–"}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </section>
  );
}
