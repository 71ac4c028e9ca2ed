import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Integration } from "@/shared/api/integrations";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { say } from "@/shared/ui/say";
import { useDelete } from "./commands";

/** Takes an integration away with all that came from it. Its name is typed, since this can't be undone. */
export function DeleteSection({ integration }: { integration: Integration }) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useDelete(integration.id);
  const name = seen(integration.name);
  const go = () =>
    remove.mutate(undefined, {
      onSuccess: (gone) => {
        say(`${name} is deleted, with ${several(gone.items, "item")} and ${several(gone.tasks, "task")}.`);
        void navigate({ to: "/integrations" });
      },
    });
  return (
    <>
      <Group>
        <Button color="red" variant="outline" onClick={() => setAsked(true)}>
          Delete…
        </Button>
      </Group>
      <Modal opened={asked} onClose={() => setAsked(false)} title={`Delete ${name}?`}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() === integration.name.trim()) go();
          }}
        >
          <Stack gap="sm">
            <Text size="sm">
              Its {several(integration.items, "item")} and its runs go, and the tasks that hold nothing from elsewhere,
              with all that was done to them. Access that was given by a link from here is given back. This can't be
              undone.
            </Text>
            <TextInput
              label={`Type its name: ${name}`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
            {remove.error && <ProblemPanel error={remove.error} onRetry={go} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsked(false)}>
                Keep it
              </Button>
              <Button
                type="submit"
                color="red"
                loading={remove.isPending}
                disabled={typed.trim() !== integration.name.trim()}
              >
                Delete it
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
