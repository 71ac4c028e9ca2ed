import { remembered } from "@/shared/ui/remembered";
import { useStore } from "@/shared/ui/store";

/** What somebody wrote and did not save, by the ruleset they began with: from which version, and which one was the newest then. */
export type Draft = { base: number; newest: number; text: string };

export const drafts = remembered<Record<string, Draft>>("watchfloor.ruleset-drafts", {});

export function keepDraft(name: string, draft: Draft) {
  drafts.set({ ...drafts.get(), [name]: draft });
}

export function dropDraft(name: string) {
  drafts.set(Object.fromEntries(Object.entries(drafts.get()).filter(([each]) => each !== name)));
}

export const useDraft = (name: string): Draft | undefined => useStore(drafts)[name];
