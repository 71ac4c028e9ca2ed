import { useRef, useState } from "react";
import { say } from "@/shared/ui/say";
import { following } from "./names";

export type Settled = {
  key: string;
  sentence: string;
  /** Makes it as it was, once for each `act`, and returns under which key it is found then; null where it can't be. */
  takeBack: ((act: string) => Promise<string>) | null;
};

const PATIENCE_FRAMES = 30;

/** What was settled on this page, and where the focus goes from there. */
export function useSettling() {
  const [settled, setSettled] = useState<readonly Settled[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);

  /** Focuses an entry by its key, once it is drawn: what was asked for anew may come some frames later. Else the heading. */
  const go = (key: string | null, frames = PATIENCE_FRAMES) =>
    requestAnimationFrame(() => {
      const entry = key === null ? null : list.current?.querySelector<HTMLElement>(`[data-pair="${key}"]`);
      if (!entry && key !== null && frames > 0) go(key, frames - 1);
      else (entry ?? heading.current)?.focus();
    });

  /** An entry is gone by what was done to it: the focus goes to the one after it. */
  const leave = (key: string, keys: readonly string[]) => go(following(keys, key));

  return {
    heading,
    list,
    leave,
    settled,
    keys: new Set(settled.map(({ key }) => key)),
    settle: (entry: Settled, keys: readonly string[]) => {
      setSettled((before) => [...before, entry]);
      say(entry.sentence);
      leave(entry.key, keys);
    },
    unsettle: (entry: Settled, key: string) => {
      setSettled((before) => before.filter((each) => each !== entry));
      say("Taken back.");
      go(key);
    },
  };
}
