import { Button } from "@mantine/core";
import { IconAlertTriangle, IconClock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Integration, Kind } from "@/shared/api/integrations";
import { useMay } from "@/shared/api/session";
import { Moment } from "@/shared/time/moment";
import { useNow } from "@/shared/time/now";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useChange, useMayChange, useSync } from "./commands";
import { connect } from "./connecting";
import classes from "./integrations.module.css";
import { breakerWords, nextWords, standingOf, type Fix } from "./standing";

const UNCONNECTED = "Nothing arrives before an account is connected.";

function FixButton({ fix, integration }: { fix: Fix; integration: Integration }) {
  const may = useMay();
  const change = useChange(integration.id);
  const sync = useSync(integration.id);
  const mayChange = useMayChange()(integration);
  if (fix.act === "wait") return null;
  if (fix.act === "sync")
    return may("sync:run") ? (
      <>
        <Button size="xs" loading={sync.isPending} onClick={sync.sync}>
          {fix.label}
        </Button>
        {sync.error && <ProblemPanel error={sync.error} />}
      </>
    ) : null;
  if (!mayChange) return <span className={classes.soft}>Its owner or an admin can mend it.</span>;
  if (fix.act === "resume")
    return (
      <>
        <Button size="xs" loading={change.isPending} onClick={() => change.mutate({ paused: false })}>
          {fix.label}
        </Button>
        {change.error && <ProblemPanel error={change.error} />}
      </>
    );
  if (fix.act === "settings" || fix.act === "unreadable")
    return (
      <Button
        size="xs"
        renderRoot={(props) => (
          <Link
            {...props}
            to="/integrations/$integrationId"
            params={{ integrationId: integration.id }}
            hash={fix.act}
          />
        )}
      >
        {fix.label}
      </Button>
    );
  return (
    <Button size="xs" onClick={() => connect(integration)}>
      {fix.label}
    </Button>
  );
}

/** What stands against an integration, in words, with the one fix. Nothing where all is well. */
export function FixPanel({ integration, kind }: { integration: Integration; kind: Kind | undefined }) {
  const now = useNow();
  const { words, fix } = standingOf(integration, kind);
  const { last_error: error } = integration;
  const held = breakerWords(integration.breaker, now);
  if (!fix && !error && !held) return null;
  const next = fix?.act === "wait" || fix?.act === "sync" ? nextWords(integration.next_sync_at, now) : null;
  const grave = integration.state === "failing" || integration.state === "needs_reconnect";
  return (
    <div className={classes.fix} data-grave={grave}>
      {fix?.act === "wait" ? <IconClock aria-hidden size={18} /> : <IconAlertTriangle aria-hidden size={18} />}
      <div className={classes.fixWords}>
        {(error ?? fix) && (
          <p dir="auto">{error ? seen(error.detail) : fix?.act === "connect" ? UNCONNECTED : `${words}.`}</p>
        )}
        {held && <p className={classes.soft}>{held}</p>}
        {error && (
          <p className={classes.soft}>
            Failed <Moment at={error.at} />
            {integration.failures > 1 && `, ${integration.failures} times in a row`}
            {next && ` · ${next.replace("next", "tried again")}`}
          </p>
        )}
      </div>
      {fix && <FixButton fix={fix} integration={integration} />}
    </div>
  );
}
