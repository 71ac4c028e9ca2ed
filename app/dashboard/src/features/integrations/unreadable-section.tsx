import { Button, Code, Group, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "@/shared/api/client";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { keptQuery, renewIntegrations, unreadableQuery, type Kept } from "./queries";
import classes from "./view.module.css";

function Detail({ integration, kept }: { integration: number; kept: number }) {
  const { data, error, refetch } = useQuery(keptQuery(integration, kept));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={60} />;
  return (
    <Code block className={classes.given} dir="auto">
      {seen(JSON.stringify({ arguments: data.arguments, answer: data.value }, null, 2))}
    </Code>
  );
}

function KeptLine({ integration, kept }: { integration: number; kept: Kept }) {
  const [open, setOpen] = useState(false);
  const replay = useMutation({
    mutationFn: () => {
      const params = { path: { integration_id: integration, kept_id: kept.id } };
      return bodyOf(api.POST("/api/v1/integrations/{integration_id}/unreadable/{kept_id}/replay", { params }));
    },
    onSuccess: () => renewIntegrations(),
  });
  return (
    <li className={classes.entry}>
      <p dir="auto">{seen(kept.why)}</p>
      <p className={classes.soft}>
        <Moment at={kept.at} /> · <Code>{seen(kept.tool)}</Code> · {kept.whole ? "the whole answer" : "one entry of it"}
        {kept.replayed_at && " · read since"}
      </p>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide what came" : "Show what came"}
        </Button>
        {!kept.shortened && (
          <Button size="compact-sm" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
            Read it again
          </Button>
        )}
      </Group>
      {replay.data && (
        <Text size="sm" role="status" dir="auto">
          {replay.data.readable
            ? `Read now: ${several(replay.data.new, "new item")}.`
            : seen(replay.data.why ?? "It still can't be read.")}
        </Text>
      )}
      {replay.error && <ProblemPanel error={replay.error} />}
      {open && <Detail integration={integration} kept={kept.id} />}
    </li>
  );
}

/** What the service gave and could not be read: kept, to be looked at and read again. */
export function UnreadableSection({ integration }: { integration: number }) {
  const asked = useInfiniteQuery(unreadableQuery(integration));
  if (asked.isPending) return <Skeleton height={80} />;
  const kept = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {asked.error && <ProblemPanel error={asked.error} onRetry={() => void asked.refetch()} />}
      {!asked.error && kept.length === 0 && <p className={classes.soft}>Everything that came could be read.</p>}
      <ul className={classes.entries}>
        {kept.map((each) => (
          <KeptLine key={each.id} integration={integration} kept={each} />
        ))}
      </ul>
      {asked.hasNextPage && (
        <Button size="xs" variant="default" onClick={() => void asked.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
