import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { editPerson } from "./acts";
import { nameOf } from "./names";
import type { Person } from "./queries";

const LONGEST = 300;

export function RenameDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const [name, setName] = useState(person.name);
  const renaming = useMutation({
    mutationFn: () => editPerson(person, { name: name.trim() }),
    onSuccess: (edited) => {
      say(`The name is ${nameOf(edited)} now.`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Name ${nameOf(person)}`} returnFocus={false}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          renaming.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="No import ever replaces a name that somebody gave."
            dir="auto"
            required
            maxLength={LONGEST}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {renaming.error && <ProblemPanel error={renaming.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={renaming.isPending} disabled={!name.trim()}>
              Name
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
