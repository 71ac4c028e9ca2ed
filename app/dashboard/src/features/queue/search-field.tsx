import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import { useCommands } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import classes from "./toolbar.module.css";

const WAIT_MS = 60;

type Given = {
  q: string;
  /** What was searched for last is not found yet. */
  busy: boolean;
  onSearch: (q: string) => void;
  onDown: () => void;
};

/**
 * The words to look for. The list follows while somebody types: each letter at once, and where the one before is not
 * answered yet, with it or after a short rest. The arrow down goes on into the list.
 */
export function SearchField({ q, busy, onSearch, onDown }: Given) {
  const [typed, setTyped] = useState({ text: q, from: q });
  const field = useRef<HTMLInputElement>(null);
  const search = useEffectEvent(onSearch);
  // The address changed otherwise than by typing here: a link, a saved view, the way back.
  if (typed.from !== q) setTyped({ text: q === typed.text.trim() ? typed.text : q, from: q });

  useEffect(() => {
    if (typed.text.trim() === typed.from) return;
    const timer = setTimeout(() => search(typed.text.trim()), busy ? WAIT_MS : 0);
    return () => clearTimeout(timer);
  }, [typed, busy]);
  useCommands([
    {
      id: "queue search",
      group: "In the queue",
      keys: "/",
      title: "Search",
      words: "find filter",
      run: () => field.current?.select(),
    },
  ]);
  const set = (text: string) => setTyped({ text, from: q });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" && event.key !== "ArrowDown" && event.key !== "Enter") return;
    if (event.key === "Escape" && typed.text) set("");
    onDown();
    // Where the list is empty there is no row to go on to, and what is pressed next is still no search.
    if (event.key === "Escape") field.current?.blur();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <TextInput
      ref={field}
      className={classes.search}
      type="search"
      aria-label="Search tasks"
      aria-keyshortcuts="/"
      placeholder="Search tasks, messages and notes"
      maxLength={500}
      value={typed.text}
      onChange={(event) => set(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      leftSection={<IconSearch aria-hidden size={16} stroke={1.6} />}
      rightSection={
        typed.text ? (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => (set(""), field.current?.focus())} />
        ) : (
          <KeysHint keys="/" />
        )
      }
    />
  );
}
