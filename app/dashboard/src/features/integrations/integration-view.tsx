import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { kindsQuery, type Integration, type Kind } from "@/shared/api/integrations";
import { useMay } from "@/shared/api/session";
import { RunProgress } from "@/shared/runs/run-progress";
import { Moment } from "@/shared/time/moment";
import { Level } from "@/shared/ui/level";
import { count } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useMayChange } from "./commands";
import { Connecting } from "./connecting";
import { DeleteSection } from "./delete-section";
import { FactsLine } from "./facts-line";
import { FixPanel } from "./fix-panel";
import { Marks } from "./marks";
import { PullingSection } from "./pulling-section";
import { integrationQuery, renewIntegrations } from "./queries";
import { RunsList } from "./runs-list";
import { SettingsSection } from "./settings-section";
import { SharingSection } from "./sharing-section";
import { standingOf } from "./standing";
import { UnreadableSection } from "./unreadable-section";
import classes from "./view.module.css";
import { WritesSection } from "./writes-section";

type Shown = { integration: Integration; kind: Kind | undefined };
type Part = { hash: string; title: string; content: ReactNode };

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2 className={classes.sectionTitle}>{title}</h2>
      {children}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

function Overview({ integration, kind }: Shown) {
  const at = (moment: string | null) => (moment ? <Moment at={moment} /> : "never");
  return (
    <>
      <dl className={classes.facts}>
        <Fact name="Items">{count(integration.items)}</Fact>
        <Fact name="Last success">{at(integration.last_success_at)}</Fact>
        {integration.live && <Fact name="Last begun">{at(integration.last_started_at)}</Fact>}
        {integration.last_failed_at && <Fact name="Last failure">{at(integration.last_failed_at)}</Fact>}
        <Fact name="Made">{at(integration.created_at)}</Fact>
        <Fact name="Whose">{integration.owner?.email ?? "everybody's"}</Fact>
        {integration.live && kind?.live && <Fact name="Service">{kind.live.service}</Fact>}
      </dl>
      <Section title="Runs">
        <RunsList integration={integration.id} />
      </Section>
    </>
  );
}

function Settings({ integration, kind }: Shown) {
  const mayChange = useMayChange()(integration);
  if (!mayChange) return <p className={classes.soft}>Its owner or an admin may change it.</p>;
  return (
    <>
      {kind?.live && (integration.live || integration.gateway === null) && (
        <Section title="Pulling and telling">
          <PullingSection integration={integration} kind={kind} />
        </Section>
      )}
      <Section title="Who sees it">
        <SharingSection integration={integration} />
      </Section>
      <Section title="Name and settings">
        {/* What is edited begins anew where somebody else changed it meanwhile. */}
        <SettingsSection
          key={integration.name + JSON.stringify(integration.settings)}
          integration={integration}
          kind={kind}
        />
      </Section>
      <Section title="Delete">
        <DeleteSection integration={integration} />
      </Section>
    </>
  );
}

function usePartsOf({ integration, kind }: Shown): Part[] {
  const may = useMay();
  const parts = [
    { hash: "", title: "Overview", content: <Overview integration={integration} kind={kind} /> },
    { hash: "settings", title: "Settings", content: <Settings integration={integration} kind={kind} /> },
  ];
  if (integration.live && may("integrations:write"))
    parts.push({
      hash: "unreadable",
      title: "Could not be read",
      content: <UnreadableSection integration={integration.id} />,
    });
  if (kind?.live?.writes.length)
    parts.push({
      hash: "writes",
      title: `Told to ${kind.live.service}`,
      content: <WritesSection integration={integration.id} />,
    });
  return parts;
}

function Parts(shown: Shown) {
  const parts = usePartsOf(shown);
  const hash = useLocation({ select: (location) => location.hash });
  const current = parts.find((part) => part.hash === hash) ?? parts[0];
  return (
    <>
      <nav className={classes.tabs} aria-label="Parts of the integration">
        {parts.map((part) => (
          <Link
            key={part.hash}
            to="/integrations/$integrationId"
            params={{ integrationId: shown.integration.id }}
            hash={part.hash}
            resetScroll={false}
            activeOptions={{ includeHash: true }}
            className={classes.tab}
            aria-current={part === current ? "page" : undefined}
          >
            {part.title}
          </Link>
        ))}
      </nav>
      {current?.content}
    </>
  );
}

/** One integration in full. */
export function IntegrationView({ id }: { id: number }) {
  const { data: integration, error, refetch, dataUpdatedAt } = useQuery(integrationQuery(id));
  const { data: kinds } = useQuery(kindsQuery);
  if (error && !integration) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!integration || !kinds)
    return (
      <div role="status" aria-label="Loading the integration">
        <Skeleton height={20} width="30%" mb={10} />
        <Skeleton height={14} width="50%" mb={24} />
        <Skeleton height={200} />
      </div>
    );
  const kind = kinds.items.find((each) => each.kind === integration.kind);
  return (
    <div className={classes.view}>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      <div className={classes.state}>
        <Level level={integration.level} />
        <span>{standingOf(integration, kind).words}</span>
        <Marks integration={integration} />
      </div>
      <FactsLine integration={integration} asked={dataUpdatedAt} />
      {integration.run !== null && (
        <RunProgress key={integration.run} id={integration.run} onEnd={() => void renewIntegrations()} />
      )}
      <FixPanel integration={integration} kind={kind} />
      <Connecting />
      <Parts integration={integration} kind={kind} />
    </div>
  );
}
