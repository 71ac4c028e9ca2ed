import { Button, Group, Stack, Switch } from "@mantine/core";
import { useState } from "react";
import type { Integration, Kind } from "@/shared/api/integrations";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useChange } from "./commands";
import { ConnectDialog } from "./connect-dialog";
import classes from "./view.module.css";

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul className={classes.sentences}>
      {sentences.map((each) => (
        <li key={each}>{seen(each)}</li>
      ))}
    </ul>
  );
}

/** Whether it is pulled and whether its source is told what people do; the account by which. */
export function PullingSection({ integration, kind }: { integration: Integration; kind: Kind }) {
  const change = useChange(integration.id);
  const [connecting, setConnecting] = useState(false);
  const { live } = kind;
  if (!live) return null;
  return (
    <Stack gap="md">
      {integration.live && (
        <Switch
          label="Pulled by itself"
          description={`Every ${Math.round(live.poll_every_s / 60)} min. Off, it is paused: nothing new comes, and what is here stays.`}
          checked={!integration.paused}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ paused: !event.currentTarget.checked })}
        />
      )}
      {live.writes.length > 0 && (
        <div>
          <Switch
            label={`Tell ${live.service} what people do with its tasks`}
            checked={integration.write_back}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ write_back: event.currentTarget.checked })}
          />
          <Sentences sentences={live.writes} />
        </div>
      )}
      {change.error && <ProblemPanel error={change.error} />}
      {!integration.sample && live.gateways.includes("composio") && (
        <Group>
          <Button size="xs" variant="default" onClick={() => setConnecting(true)}>
            Connect another account…
          </Button>
        </Group>
      )}
      {connecting && <ConnectDialog integration={integration} kind={kind} onClose={() => setConnecting(false)} />}
      {live.known_limits.length > 0 && (
        <details className={classes.details}>
          <summary>What it can't do</summary>
          <Sentences sentences={live.known_limits} />
        </details>
      )}
    </Stack>
  );
}
