import { Link } from "@tanstack/react-router";
import type { Integration, Kind } from "@/shared/api/integrations";
import { RunProgress } from "@/shared/runs/run-progress";
import { Level } from "@/shared/ui/level";
import { placeName, seen } from "@/shared/ui/outside";
import { FactsLine } from "./facts-line";
import { FixPanel } from "./fix-panel";
import classes from "./integrations.module.css";
import { KindMark } from "./kind-mark";
import { Marks } from "./marks";
import { renewIntegrations } from "./queries";
import { standingOf } from "./standing";
import { SyncButton } from "./sync-button";

/** One integration: how it stands, and the one thing to do where it does not stand well. */
export function IntegrationCard({
  integration,
  kind,
  asked,
}: {
  integration: Integration;
  kind: Kind | undefined;
  asked: number;
}) {
  return (
    <li className={classes.card}>
      <KindMark kind={integration.kind} />
      <div className={classes.about}>
        <h3 className={classes.name}>
          <Link to="/integrations/$integrationId" params={{ integrationId: integration.id }} dir="auto">
            {seen(placeName(integration.name))}
          </Link>
          <span className={classes.kind}>{seen(kind?.title ?? integration.kind)}</span>
          <Marks integration={integration} />
        </h3>
        <p className={classes.state}>
          <Level level={integration.level} />
          <span>{standingOf(integration, kind).words}</span>
        </p>
        <FactsLine integration={integration} asked={asked} />
      </div>
      <div className={classes.cardActs}>
        <SyncButton integration={integration} />
      </div>
      <div className={classes.below}>
        {integration.run !== null && (
          <RunProgress key={integration.run} id={integration.run} onEnd={() => void renewIntegrations()} />
        )}
        <FixPanel integration={integration} kind={kind} />
      </div>
    </li>
  );
}
