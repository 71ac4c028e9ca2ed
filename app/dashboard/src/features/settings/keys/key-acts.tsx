import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { Confirm } from "@/shared/ui/confirm";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { ShownOnce } from "@/shared/ui/shown-once";
import { revokeKey, rotateKey, type Key } from "./queries";

/** A key that no longer lets in can't be brought back. Whoever may make none any more still ends theirs. */
export function KeyActs({ apiKey }: { apiKey: Key }) {
  const may = useMay();
  const [asked, ask] = useState<"rotate" | "revoke" | null>(null);
  const [secret, setSecret] = useState("");
  if (apiKey.state !== "active" && !secret) return null;
  const name = seen(apiKey.name);
  return (
    <Group gap="xs" wrap="nowrap">
      {may("keys:write") && (
        <Button size="compact-sm" variant="default" onClick={() => ask("rotate")} aria-label={`Rotate ${name}`}>
          Rotate
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="default"
        color="red"
        onClick={() => ask("revoke")}
        aria-label={`Revoke ${name}`}
      >
        Revoke
      </Button>
      {asked === "rotate" && (
        <Confirm
          title={`A new key for «${name}»?`}
          act="Rotate"
          danger={false}
          onDo={async (act) => setSecret((await rotateKey(apiKey, act)).key)}
          onClose={() => ask(null)}
        >
          It gets a key of the same rights. Give it to the program; docs/keys.md says for how long the old one still
          lets in.
        </Confirm>
      )}
      {asked === "revoke" && (
        <Confirm title={`Revoke «${name}»?`} act="Revoke" onDo={() => revokeKey(apiKey)} onClose={() => ask(null)}>
          Whatever uses it is refused from now on. This can&apos;t be taken back.
        </Confirm>
      )}
      {secret && (
        <Dialog onClose={() => setSecret("")} title="The new key" withCloseButton={false} closeOnClickOutside={false}>
          <ShownOnce
            title="Nobody can show it again: keep it where the program finds it"
            secret={secret}
            onDone={() => setSecret("")}
          />
        </Dialog>
      )}
    </Group>
  );
}
