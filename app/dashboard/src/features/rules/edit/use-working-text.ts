import { useQuery } from "@tanstack/react-query";
import { rulesRoute, type RulesetItem } from "../chosen";
import { rulesetQuery } from "../queries";
import { useDraft, type Draft } from "./drafts";

/** The stored version that editing begins with, and what was written since. */
export function useWorkingText(chosen: RulesetItem) {
  const { version } = rulesRoute.useSearch();
  const draft = useDraft(chosen.name);
  const stored = useQuery(rulesetQuery(chosen.name, draft?.base ?? version ?? chosen.version));
  return { draft, stored, text: draft?.text ?? stored.data?.text };
}

/** Somebody saved a version after this draft was begun. */
export const isOvertaken = (draft: Draft | undefined, chosen: RulesetItem) =>
  draft !== undefined && chosen.version > draft.newest;
