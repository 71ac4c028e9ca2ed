import { createContext, use } from "react";

/** What of the conversation a reader was sent to. `turn` grows with each time, so that the same words can be shown again. */
export type Spot = { item: number; rule: string; turn: number };

/** What the sections of one task share. */
export type Frame = {
  /** Of the task's own heading; its sections are one below. */
  level: 1 | 2;
  spot: Spot | null;
  /** Show where a line of the sum comes from. */
  look: (item: number, rule: string) => void;
  /** Show another task in this one's place. */
  onOpen: (id: number) => void;
};

export const FrameContext = createContext<Frame | null>(null);

export function useFrame(): Frame {
  const frame = use(FrameContext);
  if (!frame) throw new Error("A section of a task stands outside of its frame");
  return frame;
}
