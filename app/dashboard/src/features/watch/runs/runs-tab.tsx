import { NativeSelect, Stack } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { integrationsQuery } from "@/shared/api/integrations";
import { runsQuery } from "@/shared/runs/queries";
import { DataTable } from "@/shared/ui/data-table";
import { Empty } from "@/shared/ui/empty";
import { seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { RUN_COLUMNS } from "./run-columns";

/** What was pulled and imported, newest first: how it goes, how it went, and why where it failed. */
export function RunsTab() {
  const [integration, setIntegration] = useState<number | null>(null);
  const { data: integrations } = useQuery(integrationsQuery);
  const runs = useInfiniteQuery(runsQuery(integration));
  return (
    <Stack gap="md">
      <NativeSelect
        label="Integration"
        maw="20rem"
        value={integration ?? ""}
        onChange={({ currentTarget: { value } }) => setIntegration(value === "" ? null : Number(value))}
      >
        <option value="">All</option>
        {integrations?.items.map(({ id, name }) => (
          <option key={id} value={id}>
            {seen(name)}
          </option>
        ))}
      </NativeSelect>
      <PagedList
        query={runs}
        empty={
          <Empty title="Nothing was pulled or imported yet">
            Each pull and each import would stand here with what it brought. Under Integrations you connect a service or
            import a file.
          </Empty>
        }
      >
        {(rows) => (
          <DataTable label="Runs, newest first" rows={rows} columns={RUN_COLUMNS} rowId={({ id }) => String(id)} />
        )}
      </PagedList>
    </Stack>
  );
}
