import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useOnce } from "@/shared/api/use-once";
import { seen } from "@/shared/ui/outside";
import { Picker } from "@/shared/ui/picker";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { joinPeople } from "./acts";
import { apartNames, nameOf } from "./names";
import { findPeopleQuery, type Person } from "./queries";

const TYPING_MS = 120;

type JoinDialogProps = { person: Person; onClose: () => void; onJoined: () => void };

/** Asks who else this person is, then shows who stays. */
export function JoinDialog({ person, onClose, onJoined }: JoinDialogProps) {
  const [stays, setStays] = useState<Person | null>(null);
  return (
    <Modal opened onClose={onClose} title={`${nameOf(person)} is the same as…`} returnFocus={false}>
      {stays ? (
        <Sure going={person} stays={stays} onBack={() => setStays(null)} onJoined={onJoined} />
      ) : (
        <Finder person={person} onFound={setStays} />
      )}
    </Modal>
  );
}

function Finder({ person, onFound }: { person: Person; onFound: (person: Person) => void }) {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), TYPING_MS);
  const found = useQuery({ ...findPeopleQuery(q), enabled: q.length > 0 });
  const others = q ? (found.data?.items ?? []).filter(({ id }) => id !== person.id) : [];
  const nobody = q && found.data && others.length === 0;
  return (
    <>
      <Picker
        label="The other person"
        placeholder="Name or address of the other"
        text={text}
        onText={setText}
        choices={others.map((other) => ({ id: String(other.id), label: nameOf(other), detail: seen(other.address) }))}
        onChoose={({ id }) => {
          const other = others.find((each) => String(each.id) === id);
          if (other) onFound(other);
        }}
        message={
          nobody ? "Nobody else's name or address holds these words." : q && found.isPending ? "Searching…" : null
        }
      />
      {found.error && <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />}
    </>
  );
}

type SureProps = { going: Person; stays: Person; onBack: () => void; onJoined: () => void };

function Sure({ going, stays, onBack, onJoined }: SureProps) {
  const [one, other] = apartNames(going, stays);
  const joining = useOnce({
    mutationFn: (into: Person, key) => joinPeople(going, into, key),
    onSuccess: () => {
      say(`${one} and ${other} are one person now.`);
      onJoined();
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm">
        All addresses of <bdi>{one}</bdi> become those of <bdi>{other}</bdi>, who stays. Tasks follow within moments.
        You can take an address out again.
      </Text>
      {joining.error && <ProblemPanel error={joining.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Choose another
        </Button>
        {/* It takes the place of the field that had the focus, and Enter goes on. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <Button autoFocus loading={joining.isPending} onClick={() => joining.mutate(stays)}>
          The same person
        </Button>
      </Group>
    </Stack>
  );
}
