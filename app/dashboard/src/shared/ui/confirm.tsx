import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Dialog } from "./dialog";
import { ProblemPanel } from "./problem-panel";

/** Asks before something that can't be taken back; stays with the problem where it is refused. */
export function Confirm({
  title,
  children,
  act,
  danger = true,
  onDo,
  onClose,
}: {
  title: string;
  children: ReactNode;
  /** What stands on the button. */
  act: string;
  danger?: boolean;
  onDo: () => Promise<unknown>;
  onClose: () => void;
}) {
  const doing = useMutation({ mutationFn: onDo, onSuccess: onClose });
  return (
    <Dialog onClose={onClose} title={title} centered>
      <Stack gap="md">
        <Text component="div" size="sm">
          {children}
        </Text>
        {doing.error && <ProblemPanel error={doing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button {...(danger ? { color: "red" } : {})} loading={doing.isPending} onClick={() => doing.mutate()}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
