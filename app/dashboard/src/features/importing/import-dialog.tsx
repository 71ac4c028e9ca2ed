import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { kindsQuery } from "@/shared/api/integrations";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { useStore } from "@/shared/ui/store";
import classes from "./import-dialog.module.css";
import { take } from "./imports";
import { importAsked } from "./open-import";
import type { Options } from "./requests";

const BY_CONTENT = "";

function Form({ initial, mayKeep, onDone }: { initial: Options; mayKeep: boolean; onDone: () => void }) {
  const [options, setOptions] = useState(initial);
  const input = useRef<HTMLInputElement>(null);
  const { data: kinds } = useQuery(kindsQuery);
  const readable = kinds?.items.filter((kind) => kind.file_hint) ?? [];
  const choose = (files: FileList | null) => {
    if (!files?.length) return;
    take(files, options);
    onDone();
  };
  return (
    <Stack gap="md">
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(event) => choose(event.currentTarget.files)}
      />
      <button type="button" className={classes.choose} onClick={() => input.current?.click()} data-autofocus>
        <IconUpload aria-hidden size={22} stroke={1.6} />
        <strong>Choose files</strong>
        <span>or drop them anywhere on the page</span>
      </button>
      {mayKeep && (
        <Checkbox
          label="Only for me"
          description="Nobody else sees what comes of it, until you share the integration."
          checked={options.onlyMe}
          onChange={(event) => setOptions({ ...options, onlyMe: event.currentTarget.checked })}
        />
      )}
      <details className={classes.more} open={initial.into !== null}>
        <summary>Where it goes, and how it is read</summary>
        <Stack gap="sm" mt="sm">
          <TextInput
            label="Into the integration"
            description="A name. Empty: one is made, or used again, for each kind of file."
            value={options.into ?? ""}
            maxLength={200}
            onChange={(event) => setOptions({ ...options, into: event.currentTarget.value || null })}
          />
          <NativeSelect
            label="Read as"
            value={options.kind ?? BY_CONTENT}
            onChange={(event) => setOptions({ ...options, kind: event.currentTarget.value || null })}
            data={[
              { value: BY_CONTENT, label: "What its content says it is" },
              ...readable.map((kind) => ({ value: kind.kind, label: kind.title })),
            ]}
          />
        </Stack>
      </details>
      <details className={classes.more}>
        <summary>What can be read</summary>
        <ul className={classes.kinds}>
          {readable.map((kind) => (
            <li key={kind.kind}>
              <strong>{seen(kind.title)}</strong>: {seen(kind.file_hint)}
            </li>
          ))}
        </ul>
      </details>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

/** Asks which files, and for whom. What is chosen begins at once. */
export function ImportDialog({ mayKeep }: { mayKeep: boolean }) {
  const options = useStore(importAsked);
  const close = () => importAsked.set(null);
  if (!options) return null;
  return (
    <Dialog onClose={close} title="Import files">
      <Form initial={options} mayKeep={mayKeep} onDone={close} />
    </Dialog>
  );
}
