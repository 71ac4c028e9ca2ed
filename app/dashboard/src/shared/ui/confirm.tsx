import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useOnce } from "../api/use-once";
import { Dialog } from "./dialog";
import { ProblemPanel } from "./problem-panel";

/** Asks before something that can't be taken back; stays with the problem where it is refused. */
export function Confirm({
  title,
  children,
  act,
  danger = true,
  choice = "",
  onDo,
  onClose,
}: {
  title: string;
  children: ReactNode;
  /** What stands on the button. */
  act: string;
  danger?: boolean;
  /** What is chosen in it, if anything: another choice is another act, with a key of its own. */
  choice?: string;
  /** What it posts carries the key: it is done once, however often it is sent. */
  onDo: (key: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const doing = useOnce({ mutationFn: (_: string, key) => onDo(key), onSuccess: onClose });
  return (
    <Dialog onClose={onClose} title={title}>
      <Stack gap="md">
        <Text component="div" size="sm">
          {children}
        </Text>
        {doing.error && <ProblemPanel error={doing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button {...(danger ? { color: "red" } : {})} loading={doing.isPending} onClick={() => doing.mutate(choice)}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
