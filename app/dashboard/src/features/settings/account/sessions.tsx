import { Badge, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Schema } from "@/shared/api/client";
import { Moment } from "@/shared/time/moment";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { browserName } from "./browser-name";
import { endOtherSessions, endSession, sessionsQuery } from "./queries";

type Session = Schema<"SessionOut">;

const WAYS: Record<Session["method"], string> = {
  password: "by password",
  link: "by a link",
  oidc: "by single sign-on",
};

const fromWords = ({ address, method }: Session) => [address, WAYS[method]].filter(Boolean).join(", ");

const COLUMNS: Columns<Session> = [
  {
    id: "browser",
    header: "Browser",
    cell: ({ row: { original } }) => (
      <Group gap="xs">
        <span title={seen(original.user_agent)}>{seen(browserName(original.user_agent))}</span>
        {original.current && <Badge size="sm">this one</Badge>}
      </Group>
    ),
  },
  { id: "from", header: "From", cell: ({ row: { original } }) => fromWords(original) },
  { id: "used", header: "Last used", cell: ({ row: { original } }) => <Moment at={original.seen_at} /> },
  {
    id: "end",
    header: () => <span className="unseen">End</span>,
    cell: ({ row: { original } }) => !original.current && <End session={original} />,
  },
];

function End({ session }: { session: Session }) {
  const ending = useMutation({ mutationFn: () => endSession(session.id) });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={ending.isPending}
        onClick={() => ending.mutate()}
        aria-label={`End the session of ${browserName(session.user_agent)}`}
      >
        End
      </Button>
      {ending.error && <ProblemPanel error={ending.error} />}
    </>
  );
}

export function Sessions() {
  const { data, error, isPending, refetch } = useQuery(sessionsQuery);
  const ending = useMutation({ mutationFn: endOtherSessions });
  if (isPending) return <Skeleton height={96} aria-label="Loading" />;
  if (!data) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  return (
    <Stack gap="sm">
      <DataTable label="Your sessions" rows={data.items} columns={COLUMNS} rowId={({ id }) => String(id)} />
      {ending.error && <ProblemPanel error={ending.error} />}
      {data.items.length > 1 ? (
        <Group>
          <Button variant="default" loading={ending.isPending} onClick={() => ending.mutate()}>
            Sign out everywhere else
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          You are signed in nowhere else.
        </Text>
      )}
    </Stack>
  );
}
