import { useEffect, useEffectEvent, useState } from "react";
import { Store } from "../ui/store";

/** Something that can be done here now: by its keys, from the palette, and listed in the help. */
export type Command = {
  /** Unique among what is offered at one time. */
  id: string;
  title: string;
  /** Under what the help and the palette list it. */
  group: string;
  /** What it is done with: the palette names it in place of the group. */
  about?: string;
  /** Keys one after the other, "g i"; or one with modifiers, "mod+k", "shift+j". Without keys it is in the palette alone. */
  keys?: string;
  /** In place of `keys`: what it takes where the focus is. It is listed, and not listened for everywhere. */
  own?: string;
  /** More words that the palette finds it by. */
  words?: string;
  /** Not in the palette: it moves within a list. */
  quiet?: boolean;
  run: () => void;
};

/** What is offered at the moment, the latest last: where two want the same keys, the latest has them. */
export const commands = new Store<readonly Command[]>([]);

/** What each component offers, by when it came: what it offers may change, and it keeps its place. */
const offers = new Map<number, readonly Command[]>();
let components = 0;

function offer(place: number, offered: readonly Command[]) {
  if (offered.length > 0) offers.set(place, offered);
  else offers.delete(place);
  commands.set([...offers.keys()].sort((a, b) => a - b).flatMap((each) => offers.get(each) ?? []));
}

/** Offers commands as long as the component is there. What they do follows the latest rendering. */
export function useCommands(offered: readonly Command[]) {
  const [place] = useState(() => ++components);
  const run = useEffectEvent((id: string) => offered.find((each) => each.id === id)?.run());
  const shape = JSON.stringify(offered);
  useEffect(() => {
    const mine = JSON.parse(shape) as Omit<Command, "run">[];
    offer(
      place,
      mine.map((each) => ({ ...each, run: () => run(each.id) })),
    );
    return () => offer(place, []);
  }, [shape, place]);
}
