import { Button, Group, Modal, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import type { SavedView } from "./queries";

/** Something that is being sent, or was refused. */
type Doing = { isPending: boolean; error: Error | null };

type Naming = {
  title: string;
  name?: string;
  /** Whether it may be shared at once; left out where that is not the question. */
  mayShare?: boolean;
  doing: Doing;
  onClose: () => void;
  onDone: (name: string, shared: boolean) => void;
};

export function NameViewDialog({ title, name = "", mayShare = false, doing, onClose, onDone }: Naming) {
  const [given, setGiven] = useState(name);
  const [shared, setShared] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (given.trim()) onDone(given.trim(), shared);
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            data-autofocus
            label="Name"
            required
            maxLength={80}
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
          />
          {mayShare && (
            <Switch
              label="Share with everybody"
              description="All who may see tasks see it then. «Me» in it is whoever looks."
              checked={shared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          {doing.error && <ProblemPanel error={doing.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={doing.isPending} disabled={!given.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

type Deleting = { view: SavedView; doing: Doing; onClose: () => void; onDone: () => void };

export function DeleteViewDialog({ view, doing, onClose, onDone }: Deleting) {
  return (
    <Modal opened onClose={onClose} title="Delete the view?">
      <Stack gap="md">
        <Text size="sm">
          «<span dir="auto">{seen(view.name)}</span>» goes{view.shared ? ", for everybody who sees it" : ""}. The tasks
          it shows stay as they are.
        </Text>
        {doing.error && <ProblemPanel error={doing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={doing.isPending} onClick={onDone}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
