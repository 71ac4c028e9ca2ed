import { Button, Group, Stack, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { newKey } from "@/shared/api/client";
import { Dialog } from "@/shared/ui/dialog";
import { ProblemPanel } from "@/shared/ui/problem-panel";

const LONGEST_NOTE = 2_000;

export type Noted<T> = {
  title: string;
  confirm: string;
  /** A note has to be given: without it, later readers would not know why. */
  isNoteNeeded?: boolean;
  run: (note: string, key: string) => Promise<T>;
  onDone: (done: T) => void;
};

/** Asks why, and does it. One key for the whole dialog: a repeat after a lost answer does it once. */
export function NoteDialog<T>({
  title,
  confirm,
  isNoteNeeded = false,
  run,
  onDone,
  onClose,
  children,
}: Noted<T> & { onClose: () => void; children?: ReactNode }) {
  const [note, setNote] = useState("");
  const [key] = useState(newKey);
  const act = useMutation({ mutationFn: () => run(note.trim(), key), onSuccess: onDone });
  const isReady = !isNoteNeeded || note.trim() !== "";
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !act.isPending) act.mutate();
        }}
      >
        <Stack gap="md">
          {children}
          <Textarea
            label={isNoteNeeded ? "Why" : "Why (may be left out)"}
            description="Kept with the version, for whoever reads its history."
            required={isNoteNeeded}
            maxLength={LONGEST_NOTE}
            autosize
            minRows={2}
            data-autofocus
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {act.isError && <ProblemPanel error={act.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isReady} loading={act.isPending}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
