import { Badge, Button, Code, Group, Stack, Switch, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { Moment } from "@/shared/time/moment";
import { absolute } from "@/shared/time/words";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { Empty } from "@/shared/ui/empty";
import { seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { KeyActs } from "./key-acts";
import { MakeKey } from "./make-key";
import { keysQuery, type Key } from "./queries";

const COLUMNS: Columns<Key> = [
  {
    id: "name",
    header: "For",
    cell: ({ row: { original } }) => (
      <div>
        <div dir="auto">{seen(original.name)}</div>
        <Code>{original.prefix}…</Code>
      </div>
    ),
  },
  {
    id: "scopes",
    header: "May",
    cell: ({ row: { original } }) => (
      <Group gap={4}>
        {original.scopes.map((scope) => (
          <Badge key={scope} size="sm" variant="light" tt="none">
            {scope}
          </Badge>
        ))}
      </Group>
    ),
  },
  {
    id: "owner",
    header: "Whose",
    cell: ({ row: { original } }) => <span dir="auto">{original.owner ? seen(original.owner.email) : "nobody's"}</span>,
  },
  {
    id: "used",
    header: "Last used",
    cell: ({ row: { original } }) =>
      original.last_used_at ? (
        <span title={`From ${original.last_used_from}`}>
          <Moment at={original.last_used_at} />
        </span>
      ) : (
        "never"
      ),
  },
  {
    id: "ends",
    header: "Ends",
    cell: ({ row: { original } }) =>
      original.state === "active" ? (
        original.expires_at ? (
          absolute(original.expires_at)
        ) : (
          "never"
        )
      ) : (
        <Badge color="gray">{original.state}</Badge>
      ),
  },
  {
    id: "acts",
    header: () => <span className="unseen">Acts</span>,
    cell: ({ row: { original } }) => <KeyActs apiKey={original} />,
  },
];

export function KeysTab() {
  const may = useMay();
  const [all, setAll] = useState(false);
  const [making, setMaking] = useState(false);
  const keys = useInfiniteQuery(keysQuery(all));
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          For cron, agents and scripts: <Code>Authorization: Bearer KEY</Code>
        </Text>
        <Group>
          <Switch label="Also ended ones" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          {may("keys:write") && (
            <Button leftSection={<IconKey aria-hidden size={16} />} onClick={() => setMaking(true)}>
              Make a key
            </Button>
          )}
        </Group>
      </Group>
      <PagedList
        query={keys}
        empty={
          <Empty title="No key yet">
            A program that calls the API shows one.{" "}
            {may("keys:write")
              ? "Make one for each program, with what it needs and no more."
              : "Operators and admins make them."}
          </Empty>
        }
      >
        {(rows) => <DataTable label="API keys" rows={rows} columns={COLUMNS} rowId={({ id }) => String(id)} />}
      </PagedList>
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </Stack>
  );
}
