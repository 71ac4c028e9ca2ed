import { Button, Group, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { integrationsQuery, kindsQuery, type Integration, type Kind } from "@/shared/api/integrations";
import { several } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { Connecting } from "./connecting";
import { IntegrationCard } from "./integration-card";
import classes from "./integrations.module.css";
import { needsSomebody } from "./standing";

function Cards({
  title,
  integrations,
  kinds,
  asked,
}: {
  title: string;
  integrations: Integration[];
  kinds: Map<string, Kind>;
  asked: number;
}) {
  if (integrations.length === 0) return null;
  return (
    <section>
      <h2 className={classes.groupTitle}>
        {title} <span className={classes.soft}>{integrations.length}</span>
      </h2>
      <ul className={classes.cards}>
        {integrations.map((each) => (
          <IntegrationCard key={each.id} integration={each} kind={kinds.get(each.kind)} asked={asked} />
        ))}
      </ul>
    </section>
  );
}

function Waiting() {
  return (
    <div className={classes.cards} role="status" aria-label="Loading integrations">
      {[1, 2, 3].map((each) => (
        <div key={each} className={classes.card}>
          <Skeleton height={36} width={36} />
          <div className={classes.about}>
            <Skeleton height={16} width="40%" mb={8} />
            <Skeleton height={12} width="60%" mb={6} />
            <Skeleton height={12} width="50%" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** All integrations: first those that wait for a person. */
export function IntegrationList({ empty, onAdd }: { empty: ReactNode; onAdd: (() => void) | null }) {
  const { data, error, isPending, refetch, dataUpdatedAt } = useQuery(integrationsQuery);
  const { data: known } = useQuery(kindsQuery);
  if (isPending) return <Waiting />;
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  const kinds = new Map(known?.items.map((kind) => [kind.kind, kind]));
  const all = data.items;
  if (all.length === 0) return empty;
  const waits = (each: Integration) => needsSomebody(each, kinds.get(each.kind));
  const rest = all.filter((each) => !waits(each));
  const groups = [
    { title: "Waiting for somebody", integrations: all.filter(waits) },
    { title: "Kept up to date", integrations: rest.filter((each) => each.live) },
    { title: "Imported", integrations: rest.filter((each) => !each.live) },
  ];
  return (
    <>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      <Connecting />
      {groups.map((group) => (
        <Cards key={group.title} {...group} kinds={kinds} asked={dataUpdatedAt} />
      ))}
      {data.has_more && <p className={classes.soft}>Only the first {several(all.length, "integration")} are shown.</p>}
      {onAdd && all.every((each) => !each.live) && (
        <Group gap="sm" mt="md">
          <p className={classes.soft}>Nothing arrives by itself yet.</p>
          <Button size="xs" variant="default" onClick={onAdd}>
            Add an integration
          </Button>
        </Group>
      )}
    </>
  );
}
