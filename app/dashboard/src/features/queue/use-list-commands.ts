import type { KeyboardEvent } from "react";
import { useCommands } from "@/shared/keys/commands";
import type { ListModel } from "./list-model";

export type ListActs = {
  /** Go to a task: the focus follows, and so does the panel where one is open. */
  go: (id: number | null) => void;
  open: (id: number) => void;
  close: () => void;
  rank: (above: number, below: number) => void;
  /** How many rows a page of the list holds. */
  page: () => number;
};

const GROUP = "In the queue";
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** Whether a menu or a small dialog lies over the list: Escape is for that. */
const underSomething = () => document.querySelector("[role=menu], [role=dialog]:not([data-panel])") !== null;

/** The keys of the list. Returns the handler for those that belong to it only while the focus is in it. */
export function useListCommands(model: ListModel, acts: ListActs, may: { choose: boolean }) {
  const here = () => model.get().current ?? model.beside(0);
  const extend = (by: number) => {
    const from = here();
    const to = model.beside(by);
    if (from === null || to === null || !may.choose) return;
    if (model.get().selection.anchor === null) model.toggle(from);
    model.extend(to);
    acts.go(to);
  };
  const rank = (by: -1 | 1) => {
    const task = here();
    const other = model.beside(by);
    if (task === null || other === null || task === other || !may.choose) return;
    if (by < 0) acts.rank(task, other);
    else acts.rank(other, task);
  };
  const onCurrent = (run: (id: number) => void) => () => {
    const id = here();
    if (id !== null) run(id);
  };
  const escape = () => {
    if (underSomething()) return;
    if (model.get().selection.ids.size > 0) model.chooseNothing();
    else acts.close();
  };
  useCommands([
    { id: "queue down", group: GROUP, keys: "j", title: "Next task", quiet: true, run: () => acts.go(model.beside(1)) },
    {
      id: "queue up",
      group: GROUP,
      keys: "k",
      title: "Task before",
      quiet: true,
      run: () => acts.go(model.beside(-1)),
    },
    { id: "queue open", group: GROUP, keys: "o", title: "Open", quiet: true, run: onCurrent(acts.open) },
    { id: "queue enter", group: GROUP, own: "enter", title: "Open", quiet: true, run: onCurrent(acts.open) },
    { id: "queue escape", group: GROUP, keys: "escape", title: "Choose nothing, or close", quiet: true, run: escape },
    ...(may.choose
      ? [
          { id: "queue select", group: GROUP, keys: "x", title: "Select", run: onCurrent((id) => model.toggle(id)) },
          {
            id: "queue select down",
            group: GROUP,
            keys: "shift+j",
            title: "Select downwards",
            quiet: true,
            run: () => extend(1),
          },
          {
            id: "queue select up",
            group: GROUP,
            keys: "shift+k",
            title: "Select upwards",
            quiet: true,
            run: () => extend(-1),
          },
          {
            id: "queue select range",
            group: GROUP,
            keys: "shift+x",
            title: "Select from the last selected to here",
            quiet: true,
            run: onCurrent((id) => model.extend(id)),
          },
          {
            id: "queue select loaded",
            group: GROUP,
            own: "mod+a",
            title: "Select all",
            words: "everything",
            run: () => model.chooseLoaded(),
          },
          {
            id: "queue rank up",
            group: GROUP,
            keys: "alt+arrowup",
            title: "Should stand above the one before",
            run: () => rank(-1),
          },
          {
            id: "queue rank down",
            group: GROUP,
            keys: "alt+arrowdown",
            title: "Should stand below the next",
            run: () => rank(1),
          },
        ]
      : []),
  ]);

  return (event: KeyboardEvent) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    const mod = ctrlKey || metaKey;
    const step = key === "PageDown" ? acts.page() : key === "PageUp" ? -acts.page() : STEPS[key];
    const run =
      mod && !altKey && key.toLowerCase() === "a" && may.choose
        ? () => model.chooseLoaded()
        : mod || altKey
          ? null
          : step !== undefined
            ? () => (shiftKey && Number.isFinite(step) ? extend(step) : acts.go(model.beside(step)))
            : key === "Enter"
              ? onCurrent(acts.open)
              : key === " " && may.choose
                ? onCurrent((id) => (shiftKey ? model.extend(id) : model.toggle(id)))
                : null;
    if (!run) return;
    event.preventDefault();
    run();
  };
}
