import { Alert, Anchor, Code, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { kindsQuery, type Integration, type Kind } from "@/shared/api/integrations";
import { Dialog } from "@/shared/ui/dialog";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import classes from "./add.module.css";
import { ConnectDialog } from "./connect-dialog";
import { KindMark } from "./kind-mark";
import { NewForm } from "./new-form";

/** What it takes to pull anything, told once: what each of them lacks is the same. */
function NoAccess() {
  return (
    <Alert color="gray" title="These need access to your accounts, which is not set up" mb="sm" role="note">
      <Text size="sm">
        Watchfloor reaches accounts through{" "}
        <Anchor c="inherit" href="https://composio.dev" target="_blank" rel="noreferrer" underline="always">
          Composio
        </Anchor>
        , a service that holds the access to them. Put its key into <Code>.env</Code> as <Code>COMPOSIO_API_KEY=…</Code>
        , and start Watchfloor again; step by step in <Code>docs/integrations.md</Code>.
      </Text>
      <Text size="sm" mt="xs">
        To look around without an account: in development, <Code>INTEGRATIONS_STUB_MODE=true</Code> in <Code>.env</Code>{" "}
        lets Gmail, Slack and Notion be added with invented data. Files need neither.
      </Text>
    </Alert>
  );
}

function Choice({ kind, words, onChoose }: { kind: Kind; words: string; onChoose: (() => void) | null }) {
  return (
    <li>
      <button type="button" className={classes.choice} disabled={onChoose === null} onClick={() => onChoose?.()}>
        <KindMark kind={kind.kind} />
        <span>
          <strong>{seen(kind.title)}</strong>
          <span className={classes.words}>{words}</span>
        </span>
      </button>
    </li>
  );
}

function Kinds({ kinds, onChoose, onImport }: { kinds: Kind[]; onChoose: (kind: Kind) => void; onImport: () => void }) {
  const live = kinds.filter((kind) => kind.live);
  return (
    <>
      <h3 className={classes.title}>Pulled every few minutes</h3>
      {live.some((kind) => !kind.live?.gateways.length) && <NoAccess />}
      <ul className={classes.choices}>
        {live.map((kind) => (
          <Choice
            key={kind.kind}
            kind={kind}
            words={[kind.description, ...(kind.live?.troubles ?? [])].join(" ")}
            onChoose={kind.live?.gateways.length ? () => onChoose(kind) : null}
          />
        ))}
      </ul>
      <h3 className={classes.title}>From files</h3>
      <ul className={classes.choices}>
        {kinds
          .filter((kind) => kind.file_hint)
          .map((kind) => (
            <Choice key={kind.kind} kind={kind} words={`Import ${kind.file_hint}.`} onChoose={onImport} />
          ))}
      </ul>
    </>
  );
}

/** Adds an integration: which kind, how it is set, then its account. */
export function AddDialog({ onClose, onImport }: { onClose: () => void; onImport: () => void }) {
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(kindsQuery);
  const [kind, setKind] = useState<Kind | null>(null);
  const [connecting, setConnecting] = useState<Integration | null>(null);
  const show = (made: Integration) =>
    void navigate({ to: "/integrations/$integrationId", params: { integrationId: made.id } });
  if (connecting && kind)
    return <ConnectDialog integration={connecting} kind={kind} onClose={() => show(connecting)} />;
  return (
    <Dialog onClose={onClose} size="lg" title={kind ? `Add ${seen(kind.title)}` : "Add an integration"}>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={240} />}
      {data && !kind && <Kinds kinds={data.items} onChoose={setKind} onImport={onImport} />}
      {kind && (
        <NewForm
          kind={kind}
          onBack={() => setKind(null)}
          onMade={(made, toConnect) => (toConnect ? setConnecting(made) : show(made))}
        />
      )}
    </Dialog>
  );
}
