import type { Schema } from "@/shared/api/client";
import { dropDraft, keepDraft, useDraft } from "./drafts";
import { pointsIn, withPoints } from "./points";

/** Single numbers of a ruleset, changed in the same draft that the editor works on. */
export type PointsDraft = {
  /** As the draft has it, or as it is saved; null where it is no plain number. */
  of: (rule: string) => number | null;
  set: (rule: string, points: number) => void;
};

/** `newest`: the latest version that is saved, which somebody else may go beyond. */
export function usePointsDraft({ name, version, text }: Schema<"RulesetOut">, newest: number): PointsDraft {
  const draft = useDraft(name);
  const { base, text: written } = draft ?? { base: version, text };
  return {
    of: (rule) => pointsIn(written, rule),
    set: (rule, points) => {
      const next = withPoints(written, rule, points);
      if (next === text && base === version) dropDraft(name);
      else if (next !== written) keepDraft(name, { base, newest: draft?.newest ?? newest, text: next });
    },
  };
}
