import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { Moment } from "@/shared/time/moment";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { rollBack } from "../calls";
import { NoteDialog } from "../note-dialog";
import { activationsQuery } from "../queries";
import { ranksNow } from "../ranking-again";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import classes from "./history.module.css";

type Activation = Schema<"ActivationOut">;

/** What ranked from when on, the newest first, and the step back. */
export function Activations({ canWrite }: { canWrite: boolean }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(activationsQuery);
  const [isGoingBack, setGoingBack] = useState(false);
  const all = data?.pages.flatMap(({ items }) => items);
  return (
    <section aria-label="What ranked when">
      <div className={frame.bar}>
        <h2 className={frame.heading}>What ranked when</h2>
        {canWrite && all && all.length > 1 && (
          <Button variant="default" onClick={() => setGoingBack(true)}>
            Roll back…
          </Button>
        )}
      </div>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <RowSkeletons rows={3} />}
      {all && (
        <ol className={frame.list}>
          {all.map((activation, index) => (
            <Entry key={activation.id} activation={activation} isPresent={index === 0} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button variant="subtle" mt="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show earlier ones
        </Button>
      )}
      {isGoingBack && (
        <NoteDialog
          title="Roll back"
          confirm="Roll back"
          run={rollBack}
          onDone={({ ruleset }) => {
            ranksNow(ruleset);
            setGoingBack(false);
          }}
          onClose={() => setGoingBack(false)}
        >
          <p className={frame.about}>
            What ranked before ranks again. Each further step goes further back. Nothing is deleted: any version can be
            activated again.
          </p>
        </NoteDialog>
      )}
    </section>
  );
}

function Entry({ activation, isPresent }: { activation: Activation; isPresent: boolean }) {
  const { name, version, at, actor, note, rolled_back } = activation;
  return (
    <li className={classes.entry}>
      <div className={classes.entryMain}>
        <p>
          <strong>
            {name}, version {version}
          </strong>{" "}
          {isPresent && <span className={classes.badge}>ranks now</span>}
        </p>
        {note && <p dir="auto">{seen(note)}</p>}
      </div>
      <span className={frame.soft}>
        <Moment at={at} />, {rolled_back ? "brought back by" : "by"} <span dir="auto">{seen(actor)}</span>
      </span>
    </li>
  );
}
