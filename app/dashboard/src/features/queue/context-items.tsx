import { Anchor, Button, Collapse, Skeleton, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { offerUndo } from "@/shared/acting/undo";
import type { Schema } from "@/shared/api/client";
import { useMay } from "@/shared/api/session";
import { useOnce } from "@/shared/api/use-once";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { placeName, seen, webAddress } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import classes from "./panels.module.css";
import { contextQuery } from "./queries";
import { makeTaskOf } from "./requests";
import { snippet } from "./snippet";

/** What a search finds beside tasks: messages and pages that ask for nothing. Each can be made a task. */
export function ContextItems({ q, onMade }: { q: string; onMade: (task: number) => void }) {
  const [unfolded, setUnfolded] = useState(false);
  const id = useId();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPending } = useInfiniteQuery(
    contextQuery(q),
  );
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (!q || (!error && !isPending && items.length === 0)) return null;
  const number = several(items.length, "message or page", "messages and pages");
  return (
    <section className={classes.context} aria-labelledby={`${id}-title`}>
      <UnstyledButton
        className={classes.fold}
        aria-expanded={unfolded}
        aria-controls={`${id}-list`}
        id={`${id}-title`}
        onClick={() => setUnfolded(!unfolded)}
      >
        <IconChevronRight aria-hidden size={16} data-unfolded={unfolded || undefined} />
        {error ? "Messages and pages that are no tasks could not be searched" : null}
        {!error && isPending ? "Searching messages and pages that are no tasks" : null}
        {!error && !isPending ? `Also found: ${number}${hasNextPage ? " or more" : ""} that belong to no task` : null}
      </UnstyledButton>
      <Collapse expanded={unfolded} transitionDuration={120}>
        <div id={`${id}-list`} className={classes.hits}>
          {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
          {isPending && <Skeleton height={60} />}
          <ul>
            {items.map((item) => (
              <Hit key={item.id} item={item} q={q} onMade={onMade} />
            ))}
          </ul>
          {hasNextPage && (
            <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show more
            </Button>
          )}
        </div>
      </Collapse>
    </section>
  );
}

function Hit({ item, q, onMade }: { item: Schema<"FoundItem">; q: string; onMade: (task: number) => void }) {
  const may = useMay();
  const id = useId();
  const make = useOnce({
    mutationFn: (_, key) => makeTaskOf(item.id, key),
    onSuccess: ({ task, undo }) => {
      offerUndo(`Made a task: ${seen(task.title)}`, undo);
      onMade(task.id);
    },
  });
  const url = webAddress(item.url);
  const from = item.sender.name || item.sender.address;
  return (
    <li className={classes.hit}>
      <p className={classes.hithead} id={id}>
        <b dir="auto">{seen(item.subject || from)}</b>
        <span dir="auto">
          {item.subject ? `${seen(from)} · ` : ""}
          {seen(item.place ?? placeName(item.integration))}
        </span>
        {item.sent_at && <Moment at={item.sent_at} />}
      </p>
      <p className={classes.snippet} dir="auto">
        {snippet(seen(item.text || item.subject), q).map((piece, index) =>
          piece.found ? <mark key={index}>{piece.text}</mark> : piece.text,
        )}
      </p>
      {make.error && <ProblemPanel error={make.error} onRetry={() => make.mutate()} />}
      <p className={classes.hitacts}>
        {may("tasks:write") && (
          <Button
            size="compact-xs"
            variant="default"
            aria-describedby={id}
            loading={make.isPending}
            onClick={() => make.mutate()}
          >
            Make a task of it
          </Button>
        )}
        {url && (
          <Anchor size="xs" href={url} target="_blank" rel="noreferrer">
            Open at its source
          </Anchor>
        )}
      </p>
    </li>
  );
}
