import { Button, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useCommands } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import { DataTable, type Columns } from "@/shared/ui/data-table";
import { Empty } from "@/shared/ui/empty";
import { seen } from "@/shared/ui/outside";
import { PagedList } from "@/shared/ui/paged";
import { nameOf } from "./names";
import classes from "./people.module.css";
import { PersonMenu } from "./person-menu";
import { peopleQuery, type Person } from "./queries";
import { Section } from "./section";
import { UsSwitch } from "./us-switch";

const TYPING_MS = 150;
const LONGEST = 200;

const COLUMNS: Columns<Person> = [
  {
    id: "name",
    header: "Name",
    cell: ({ row: { original } }) => (
      <span className={classes.name} dir="auto">
        {nameOf(original)}
      </span>
    ),
  },
  {
    id: "addresses",
    header: "Addresses",
    cell: ({ row: { original } }) => (
      <ul className={classes.addresses}>
        {original.identities.map(({ address, kind }) => (
          <li key={address}>
            <span dir="auto">{seen(address)}</span> <small>{kind.replaceAll("_", " ")}</small>
          </li>
        ))}
      </ul>
    ),
  },
  { id: "us", header: "One of us", cell: ({ row: { original } }) => <UsSwitch person={original} /> },
  {
    id: "acts",
    header: () => <span className="unseen">Acts</span>,
    cell: ({ row: { original } }) => <PersonMenu person={original} />,
  },
];

/** Everybody who wrote, was written to or has work, to be looked up and corrected. */
export function Everybody() {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), TYPING_MS);
  const people = useInfiniteQuery(peopleQuery(q));
  const field = useRef<HTMLInputElement>(null);
  useCommands([
    {
      id: "search people",
      group: "On this page",
      title: "Search people",
      keys: "/",
      run: () => field.current?.focus(),
    },
  ]);
  return (
    <Section
      title="Everybody"
      about="Who wrote, was written to or has work. Say who is one of us: then it is known whose turn it is to answer."
    >
      <Stack gap="md">
        <TextInput
          ref={field}
          type="search"
          aria-label="Search people by name or address"
          aria-keyshortcuts="/"
          placeholder="Name or address"
          maw="24rem"
          maxLength={LONGEST}
          leftSection={<IconSearch aria-hidden size={16} />}
          rightSection={text ? null : <KeysHint keys="/" />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <PagedList
          query={people}
          empty={
            q ? (
              <Empty title={`Nobody's name or address holds «${q}»`}>
                <Button variant="default" onClick={() => setText("")}>
                  Show everybody
                </Button>
              </Empty>
            ) : (
              <Empty title="Nobody is known yet">
                Everybody who wrote or was written to would stand here, as soon as mail, chat or tasks are pulled or
                imported.
              </Empty>
            )
          }
        >
          {(rows) => <DataTable label="People" rows={rows} columns={COLUMNS} rowId={({ id }) => String(id)} />}
        </PagedList>
      </Stack>
    </Section>
  );
}
