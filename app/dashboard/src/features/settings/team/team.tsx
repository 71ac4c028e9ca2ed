import { Badge, Button, Group, Stack } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Moment } from "@/shared/time/moment";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { Empty } from "@/shared/ui/empty";
import { seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { waysQuery } from "../ways";
import { AddUser } from "./add-user";
import { usersQuery, type User } from "./queries";
import { UserMenu } from "./user-menu";

/** Single sign-on is named where there is one: else whoever has no password waits for a link. */
function SignsInBy({ user }: { user: User }) {
  const { data: ways } = useQuery(waysQuery);
  if (user.has_password) return user.totp ? "password and code" : "password";
  return ways?.provider
    ? `${seen(ways.provider.name)}, or a link to set a password`
    : "nothing yet: a link sets a password";
}

const COLUMNS: Columns<User> = [
  {
    id: "name",
    header: "Name",
    cell: ({ row: { original } }) => (
      <div>
        <div dir="auto">{seen(original.name || original.email)}</div>
        {original.name && <small dir="auto">{seen(original.email)}</small>}
      </div>
    ),
  },
  {
    id: "role",
    header: "Role",
    cell: ({ row: { original } }) => (
      <Group gap="xs">
        {original.role}
        {original.disabled && (
          <Badge color="gray" size="sm">
            disabled
          </Badge>
        )}
      </Group>
    ),
  },
  {
    id: "ways",
    header: "Signs in by",
    cell: ({ row: { original } }) => <SignsInBy user={original} />,
  },
  {
    id: "seen",
    header: "Last here",
    cell: ({ row: { original } }) => (original.signed_in_at ? <Moment at={original.signed_in_at} /> : "never"),
  },
  {
    id: "acts",
    header: () => <span className="unseen">Acts</span>,
    cell: ({ row: { original } }) => <UserMenu user={original} />,
  },
];

export function TeamTab() {
  const users = useInfiniteQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <Button leftSection={<IconUserPlus aria-hidden size={16} />} onClick={() => setAdding(true)}>
          Add somebody
        </Button>
      </Group>
      <PagedList query={users} empty={<Empty title="Nobody is here yet" />}>
        {(rows) => (
          <DataTable label="People who sign in here" rows={rows} columns={COLUMNS} rowId={({ id }) => String(id)} />
        )}
      </PagedList>
      {adding && <AddUser onClose={() => setAdding(false)} />}
    </Stack>
  );
}
