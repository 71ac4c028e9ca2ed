import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { IconShieldCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { absolute } from "@/shared/time/words";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { Empty } from "@/shared/ui/empty";
import { count } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import classes from "./audit.module.css";
import { Changes } from "./changes";
import { auditQuery, NOTHING, verifyTrail, type Entry, type Wanted } from "./queries";
import { deedOf, targetOf } from "./words";

const TYPING_MS = 250;
const PHONE = "(max-width: 48em)";
const FIELDS: Record<keyof Wanted, string> = { q: "Words", actor: "Who", action: "What", target: "On what" };

const COLUMNS: Columns<Entry> = [
  {
    id: "at",
    header: "When",
    cell: ({ row: { original } }) => <time dateTime={original.at}>{absolute(original.at)}</time>,
  },
  {
    id: "who",
    header: "Who",
    cell: ({ row: { original } }) => (
      <div>
        <div dir="auto">{seen(original.actor_name || original.actor)}</div>
        <small>{[original.actor, original.address].filter(Boolean).join(", ")}</small>
      </div>
    ),
  },
  {
    id: "what",
    header: "What",
    cell: ({ row: { original } }) => <Deed entry={original} />,
  },
  { id: "changes", header: "Changed", cell: ({ row: { original } }) => <Changes entry={original} /> },
];

/** In words, and by the names that the filter looks for. */
function Deed({ entry: { action, target } }: { entry: Entry }) {
  const { words, address } = targetOf(target);
  return (
    <div>
      <div dir="auto">
        {seen(deedOf(action))}
        {words && " · "}
        {address ? (
          <Anchor component={Link} to={address} underline="always" inherit>
            {seen(words)}
          </Anchor>
        ) : (
          seen(words)
        )}
      </div>
      <small>{seen([action, target].filter(Boolean).join(" · "))}</small>
    </div>
  );
}

export function AuditTab() {
  const [wanted, setWanted] = useState(NOTHING);
  const [settled] = useDebouncedValue(wanted, TYPING_MS);
  const entries = useInfiniteQuery(auditQuery(settled));
  return (
    <Stack gap="md">
      <Verify />
      <Filter wanted={wanted} onChange={setWanted} />
      <PagedList
        query={entries}
        empty={
          <Empty title="No entry matches">
            <Button variant="default" onClick={() => setWanted(NOTHING)}>
              Show all
            </Button>
          </Empty>
        }
      >
        {(rows) => <DataTable label="Audit trail" rows={rows} columns={COLUMNS} rowId={({ id }) => String(id)} />}
      </PagedList>
    </Stack>
  );
}

/** Which entries are shown; on a phone folded, so that the first entry is in sight. */
function Filter({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const folded = useMediaQuery(PHONE, matchMedia(PHONE).matches);
  const set = Object.values(wanted).filter(Boolean).length;
  const fields = (
    <div className={classes.fields} role="search" aria-label="In the audit trail">
      {(Object.keys(FIELDS) as (keyof Wanted)[]).map((field) => (
        <TextInput
          key={field}
          label={FIELDS[field]}
          maxLength={320}
          value={wanted[field]}
          onChange={(event) => onChange({ ...wanted, [field]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
  if (!folded) return fields;
  return (
    <details className={classes.fold}>
      <summary>Filter{set > 0 && ` (${count(set)} set)`}</summary>
      {fields}
    </details>
  );
}

/** Whether every entry is as it was written, worked out anew from its hashes. */
function Verify() {
  const verifying = useMutation({ mutationFn: verifyTrail });
  const { data } = verifying;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Every change leaves an entry, chained to the one before it: what is altered or taken out afterwards is found.
        </Text>
        <Button
          variant="default"
          leftSection={<IconShieldCheck aria-hidden size={16} />}
          loading={verifying.isPending}
          onClick={() => verifying.mutate()}
        >
          Verify the trail
        </Button>
      </Group>
      {verifying.error && <ProblemPanel error={verifying.error} onRetry={() => verifying.mutate()} />}
      {data &&
        (data.broken ? (
          <Alert color="red" role="alert" title="The trail is broken">
            {seen(data.broken.detail)} (entry {data.broken.id}; {count(data.entries)} before it hold)
          </Alert>
        ) : (
          <Alert color="teal" role="status" title="The trail is sound">
            All {count(data.entries)} entries are as they were written.
          </Alert>
        ))}
    </Stack>
  );
}
