import { useMay } from "../api/session";
import { useCommands, type Command } from "../keys/commands";
import { several } from "../ui/numbers";
import { seen } from "../ui/outside";
import { act } from "./act";
import { ask, sizeOf, type Question, type Target } from "./asked";

const GROUP = "On the task";
const ASKED: readonly { question: Question; keys: string; title: string; words?: string }[] = [
  { question: "snooze", keys: "s", title: "Snooze…", words: "later remind sleep" },
  { question: "assign", keys: "a", title: "Assign…", words: "give owner" },
  { question: "decline", keys: "d", title: "Decline…", words: "refuse reject" },
  { question: "due", keys: "t", title: "Set due date…", words: "deadline" },
  { question: "labels", keys: "l", title: "Labels…", words: "tag" },
  { question: "merge", keys: "m", title: "Merge into another…", words: "duplicate join" },
  { question: "delete", keys: "#", title: "Delete…", words: "remove" },
];

const MOST_NAMED = 60;

/** The target, as the palette names it: one by its title, several by how many; nothing where nothing is marked. */
export function named(target: Target | null): string | undefined {
  if (!target || sizeOf(target) === 0) return undefined;
  const [only, ...more] = "tasks" in target ? target.tasks : [];
  if (!only || more.length > 0) return several(sizeOf(target), "task");
  const title = seen(only.title);
  return `«${title.length > MOST_NAMED ? `${title.slice(0, MOST_NAMED - 1)}…` : title}»`;
}

/**
 * Keys for what can be done with the present target: the selection, or the task that has the focus or is open.
 * `target` is asked when a key is pressed; null: there is nothing to act on. `about` is what the palette calls it:
 * without it there is nothing to be found there.
 */
export function useTaskCommands(target: () => Target | null, about: string | undefined) {
  const may = useMay();
  const onTarget = (run: (target: Target) => void) => () => {
    const present = target();
    if (present && sizeOf(present) > 0) run(present);
  };
  const simply = (verb: "complete" | "reopen") =>
    onTarget((present) => {
      const [only, ...more] = "tasks" in present ? present.tasks : [];
      if (only && more.length === 0) void act(only, { verb });
      else ask(verb, present);
    });
  const offered: Command[] = [
    { id: "complete", group: GROUP, keys: "e", title: "Complete", words: "done finish", run: simply("complete") },
    { id: "reopen", group: GROUP, keys: "r", title: "Reopen", run: simply("reopen") },
    ...ASKED.map(({ question, ...rest }) => ({
      id: question,
      group: GROUP,
      ...rest,
      run: onTarget((present) => ask(question, present)),
    })),
  ];
  const how = about ? { about } : { quiet: true };
  useCommands(may("tasks:write") ? offered.map((each) => ({ ...each, ...how })) : []);
}
