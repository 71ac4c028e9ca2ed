import { Button, Group } from "@mantine/core";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useMay } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { several } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useFrame } from "../frame";
import { itemsQuery, scoreQuery, type Item } from "../queries";
import { Section, Waiting } from "../section";
import classes from "./conversation.module.css";
import { Message } from "./message";
import type { Quote } from "./parts";
import { useSplit } from "./use-split";

const NONE: readonly Quote[] = [];

/** The words that lines of the sum rest on, by the message they stand in. */
function useQuotes(task: number): ReadonlyMap<number, readonly Quote[]> {
  const { data: score } = useQuery(scoreQuery(task, null));
  const quotes = new Map<number, Quote[]>();
  for (const { item, quote, rule } of score?.contributions ?? []) {
    if (typeof item !== "number" || !quote) continue;
    quotes.set(item, [...(quotes.get(item) ?? []), { rule, quote }]);
  }
  return quotes;
}

/** Shows the message that a line of the sum rests on, loading on until it is there. */
function useSpot(there: (id: number) => boolean, loadOn: (() => void) | null) {
  const { spot } = useFrame();
  const list = useRef<HTMLOListElement>(null);
  const present = spot !== null && there(spot.item);
  const missing = spot !== null && !present;
  const next = useEffectEvent(() => loadOn?.());
  const waiting = missing && loadOn !== null;
  useEffect(() => {
    if (waiting) next();
  }, [waiting]);
  useEffect(() => {
    if (!spot || !present) return;
    const message = list.current?.querySelector<HTMLElement>(`[data-item="${spot.item}"]`);
    const words = message?.querySelector("[data-chosen]");
    (words ?? message)?.scrollIntoView({ block: "center", behavior: "smooth" });
    message?.querySelector<HTMLElement>("button[aria-expanded]")?.focus({ preventScroll: true });
  }, [spot, present]);
  return { list, spot };
}

/** What was said: oldest first, the newest open, and whatever the sum rests on marked in it. */
export function Conversation({ task }: { task: Task }) {
  const may = useMay();
  const { onOpen } = useFrame();
  const split = useSplit(task, onOpen);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    itemsQuery(task.id),
  );
  const quotes = useQuotes(task.id);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const newest = hasNextPage ? null : items.at(-1)?.id;
  /** What somebody opened or closed by hand, with the spot that was shown then: a later spot opens it again. */
  const [toggled, setToggled] = useState<ReadonlyMap<number, { open: boolean; turn: number }>>(new Map());
  const { list, spot } = useSpot(
    (id) => items.some((item) => item.id === id),
    hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null,
  );
  const isOpen = (item: Item) => {
    const byHand = toggled.get(item.id);
    if (spot?.item === item.id && (byHand?.turn ?? 0) < spot.turn) return true;
    return byHand?.open ?? (item.id === newest || items.length === 1);
  };
  const toggle = (item: Item) =>
    setToggled(new Map(toggled).set(item.id, { open: !isOpen(item), turn: spot?.turn ?? 0 }));
  const openAll = (open: boolean) =>
    setToggled(new Map(items.map((item) => [item.id, { open, turn: spot?.turn ?? 0 }])));
  const allOpen = items.every(isOpen);

  const actions = items.length > 1 && split.picked === null && (
    <Group gap={4}>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => openAll(!allOpen)}>
        {allOpen ? "Fold all" : "Open all"}
      </Button>
      {may("tasks:write") && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconArrowsSplit2 aria-hidden size={15} stroke={1.6} />}
          onClick={split.begin}
        >
          Split…
        </Button>
      )}
    </Group>
  );
  return (
    <Section title="Conversation" name="conversation" actions={actions}>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting lines={6} label="Asking for the conversation" />}
      {data && items.length === 0 && (
        <p className={classes.soft}>Written here by hand: there is no conversation behind it.</p>
      )}
      {split.picked !== null && <SplitBar split={split} all={!hasNextPage && split.picked.size === items.length} />}
      <ol className={classes.messages} ref={list}>
        {items.map((item) => (
          <Message
            key={item.id}
            item={item}
            quotes={quotes.get(item.id) ?? NONE}
            chosen={spot?.item === item.id ? spot.rule : null}
            open={isOpen(item)}
            onToggle={toggle}
            picked={split.picked?.has(item.id) ?? null}
            onPick={split.pick}
          />
        ))}
      </ol>
      {hasNextPage && (
        <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more messages
        </Button>
      )}
    </Section>
  );
}

function SplitBar({ split, all }: { split: ReturnType<typeof useSplit>; all: boolean }) {
  const picked = split.picked?.size ?? 0;
  return (
    <div className={classes.split} role="group" aria-label="Split off a task">
      <p className={classes.soft}>
        {all
          ? "Leave at least one message in this task."
          : "Choose the messages that become a task of their own. Later replies to them follow them."}
      </p>
      <Group gap="xs">
        <Button size="xs" disabled={picked === 0 || all} loading={split.pending} onClick={split.split}>
          {picked === 0 ? "Make a task of them" : `Make a task of ${several(picked, "message")}`}
        </Button>
        <Button size="xs" variant="default" onClick={split.cancel}>
          Cancel
        </Button>
      </Group>
      {split.error && <ProblemPanel error={split.error} onRetry={split.split} />}
    </div>
  );
}
