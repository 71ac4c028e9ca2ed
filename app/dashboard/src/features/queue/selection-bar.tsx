import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ask, type Question, type Target } from "@/shared/acting/asked";
import { named, useTaskCommands } from "@/shared/acting/use-task-commands";
import type { Task } from "@/shared/api/tasks";
import { KeysHint } from "@/shared/keys/keys-hint";
import { count } from "@/shared/ui/numbers";
import { sideways } from "@/shared/ui/sideways";
import { standingBelow } from "@/shared/ui/standing-below";
import { useStore } from "@/shared/ui/store";
import type { Filter } from "./choice";
import type { ListModel } from "./list-model";
import classes from "./panels.module.css";
import { countsQuery } from "./queries";

const ACTS: readonly { question: Question; title: string; keys: string }[] = [
  { question: "complete", title: "Complete", keys: "e" },
  { question: "snooze", title: "Snooze", keys: "s" },
  { question: "assign", title: "Assign", keys: "a" },
  { question: "due", title: "Due", keys: "t" },
  { question: "labels", title: "Labels", keys: "l" },
  { question: "decline", title: "Decline", keys: "d" },
  { question: "reopen", title: "Reopen", keys: "r" },
  { question: "delete", title: "Delete", keys: "#" },
];
const ON_OPEN = new Set<Question>(["complete", "snooze", "decline"]);

const MOST_AT_ONCE = 10_000; // the API takes no more

type Given = { model: ListModel; tasks: readonly Task[]; filter: Filter; counted: Filter; whole: boolean };

/** What can be done with the chosen tasks. It takes the keys of single tasks while some are chosen. */
export function SelectionBar(given: Given) {
  const { selection } = useStore(given.model);
  return selection.ids.size > 0 ? <Bar {...given} /> : null;
}

function Bar({ model, tasks, filter, counted, whole }: Given) {
  const { selection } = useStore(model);
  const { data: counts, isPlaceholderData } = useQuery(countsQuery(counted));
  // What another filter finds is no number for this one.
  const matched = isPlaceholderData || counted !== filter ? null : (counts?.total ?? null);
  const chosen = tasks.filter((task) => selection.ids.has(task.id));
  const everything = selection.everything && matched !== null;
  const target = (): Target => (everything ? { filter: { status: ["open"], ...filter }, matched } : { tasks: chosen });
  useTaskCommands(target, named(target()));
  const open = chosen.some((task) => task.status === "open" || task.status === "snoozed");
  const closed = chosen.some((task) => task.status !== "open");
  const offered = ACTS.filter(({ question }) => (question === "reopen" ? closed : ON_OPEN.has(question) ? open : true));
  return (
    <section ref={standingBelow} className={classes.bar} aria-label="Selected tasks">
      <p className={classes.chosen} role="status">
        <b>{count(everything ? matched : chosen.length)}</b> selected
      </p>
      {!everything && !whole && matched !== null && selection.loaded && matched > chosen.length && (
        <Everything matched={matched} onChoose={() => model.chooseEverything()} />
      )}
      <div ref={sideways} className={`${classes.acts} sideways`}>
        {offered.map(({ question, title, keys }) => (
          <Button
            key={question}
            size="compact-xs"
            variant="default"
            aria-keyshortcuts={keys}
            rightSection={<KeysHint keys={keys} />}
            onClick={() => ask(question, target())}
          >
            {title}
          </Button>
        ))}
      </div>
      <CloseButton aria-label="Select nothing" aria-keyshortcuts="Escape" onClick={() => model.chooseNothing()} />
    </section>
  );
}

function Everything({ matched, onChoose }: { matched: number; onChoose: () => void }) {
  if (matched > MOST_AT_ONCE)
    return (
      <p className={classes.chosen}>
        {count(matched)} match. Filter them to at most {count(MOST_AT_ONCE)}, and all can be selected.
      </p>
    );
  return (
    <Button size="compact-xs" variant="subtle" onClick={onChoose}>
      Select all {count(matched)} that match
    </Button>
  );
}
