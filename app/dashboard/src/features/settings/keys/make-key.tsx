import { Button, Checkbox, Group, Select, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { Dialog } from "@/shared/ui/dialog";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ShownOnce } from "@/shared/ui/shown-once";
import { makeKey, SCOPES, type Scope } from "./queries";

const DAY_MS = 86_400_000;
const SPANS = { "30": "30 days", "90": "90 days", "365": "a year", "": "no end" };

const endOf = (days: string) => (days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null);

export function MakeKey({ onClose }: { onClose: () => void }) {
  const may = useMay();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [days, setDays] = useState("90");
  // Reckoned when it is chosen: sent again it is the same request.
  const [ends, setEnds] = useState(() => endOf("90"));
  const [networks, setNetworks] = useState<string[]>([]);
  const [owned, setOwned] = useState(true);
  const making = useOnce({ mutationFn: makeKey });
  if (making.data)
    return (
      <Dialog onClose={onClose} title="Your key" withCloseButton={false} closeOnClickOutside={false}>
        <ShownOnce
          title="Nobody can show it again: keep it where the program finds it"
          secret={making.data.key}
          onDone={onClose}
        />
      </Dialog>
    );
  return (
    <Dialog onClose={onClose} title="Make a key">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate({ name: name.trim(), scopes, expires_at: ends, networks, owned });
        }}
      >
        <Stack gap="md">
          <TextInput
            label="What it is for"
            placeholder="nightly pull"
            maxLength={200}
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group label="What it may do" value={scopes} onChange={(value) => setScopes(value)}>
            <Stack gap="xs" mt="xs">
              {(Object.keys(SCOPES) as Scope[])
                .filter((scope) => scope !== "admin" || may("admin"))
                .map((scope) => (
                  <Checkbox key={scope} value={scope} label={scope} description={SCOPES[scope]} />
                ))}
            </Stack>
          </Checkbox.Group>
          <Select
            label="Good for"
            allowDeselect={false}
            data={Object.entries(SPANS).map(([value, label]) => ({ value, label }))}
            value={days}
            onChange={(value) => {
              setDays(value ?? "90");
              setEnds(endOf(value ?? "90"));
            }}
          />
          <TagsInput
            label="Only from these networks"
            description="As 10.0.0.0/8; none: from everywhere"
            value={networks}
            onChange={setNetworks}
          />
          {may("admin") && (
            <Switch
              label="It is mine"
              description="It ends with my account. Off: it belongs to nobody, and stays."
              checked={owned}
              onChange={(event) => setOwned(event.currentTarget.checked)}
            />
          )}
          {making.error && <ProblemPanel error={making.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={making.isPending} disabled={scopes.length === 0}>
              Make the key
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
