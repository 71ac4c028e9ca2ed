import { Button, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { activateVersion } from "../calls";
import { NoteDialog } from "../note-dialog";
import { PartLink } from "../part-link";
import { versionsQuery } from "../queries";
import { ranksNow } from "../ranking-again";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import { Comparison } from "./comparison";
import classes from "./history.module.css";

/** All versions of one ruleset, each with what can be done with it, and what changed between two. */
export function Versions({ name, canWrite }: { name: string; canWrite: boolean }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    versionsQuery(name),
  );
  const all = data?.pages.flatMap(({ items }) => items);
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!all) return <RowSkeletons rows={3} />;
  return (
    <>
      <ol className={frame.list}>
        {all.map((version) => (
          <Entry key={version.version} version={version} canWrite={canWrite} />
        ))}
      </ol>
      {hasNextPage && (
        <Button variant="subtle" mt="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier ones
        </Button>
      )}
      <Comparison name={name} versions={all} />
    </>
  );
}

function Entry({ version, canWrite }: { version: Schema<"VersionOut">; canWrite: boolean }) {
  const [isActivating, setActivating] = useState(false);
  const search = { ruleset: version.name, version: version.version };
  const title = `version ${version.version}`;
  return (
    <li className={classes.entry}>
      <div className={classes.entryMain}>
        <p>
          <strong>Version {version.version}</strong>{" "}
          {version.active && <span className={classes.badge}>ranks now</span>}
        </p>
        <p className={frame.soft}>
          <Moment at={version.created_at} /> by <span dir="auto">{seen(version.author)}</span>,{" "}
          {several(version.rules, "rule")}
        </p>
        {version.note && <p dir="auto">{seen(version.note)}</p>}
      </div>
      <Group gap="sm">
        <PartLink {...search} label={`Read ${title}`}>
          Read
        </PartLink>
        <PartLink tab="edit" {...search} label={`Edit from here: ${title}`}>
          Edit from here
        </PartLink>
        {canWrite && !version.active && (
          <Button size="xs" variant="default" aria-label={`Activate ${title}`} onClick={() => setActivating(true)}>
            Activate…
          </Button>
        )}
      </Group>
      {isActivating && (
        <NoteDialog
          title={`Let ${version.name}, ${title} rank`}
          confirm="Activate"
          isNoteNeeded
          run={(note, key) => activateVersion(version.name, version.version, note, key)}
          onDone={({ ruleset }) => {
            ranksNow(ruleset);
            setActivating(false);
          }}
          onClose={() => setActivating(false)}
        >
          <p className={frame.about}>
            All open tasks are ranked by it within moments, the top of the queue first. “Roll back” undoes it.
          </p>
        </NoteDialog>
      )}
    </li>
  );
}
