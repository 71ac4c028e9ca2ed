import { Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { queryClient } from "@/shared/api/query-client";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { renewRules, saveRuleset } from "./calls";
import { rulesRoute, type RulesetItem } from "./chosen";
import { dropDraft } from "./edit/drafts";
import { ChangeList } from "./history/change-list";
import { NoteDialog } from "./note-dialog";
import { Cautions } from "./preview/cautions";
import { summary } from "./preview/movement";
import { checkQuery, previewQuery, rulesetQuery, rulesetsQuery } from "./queries";
import { ranksNow, wasSaved } from "./ranking-again";
import classes from "./rules.module.css";

/** Saves a text as a version, after it was said what that changes; and lets it rank, or not yet. */
export function SaveDialog({ chosen, text, onClose }: { chosen: RulesetItem; text: string; onClose: () => void }) {
  const navigate = rulesRoute.useNavigate();
  const name = useQuery(checkQuery(text)).data?.name ?? chosen.name;
  const known = useQuery(rulesetsQuery).data?.items.find((each) => each.name === name);
  const [activate, setActivate] = useState(true);

  async function done(saved: Schema<"SavedOut">) {
    queryClient.setQueryData(rulesetQuery(saved.name, saved.version).queryKey, saved);
    if (saved.active) ranksNow(saved);
    else wasSaved(saved);
    await renewRules();
    dropDraft(chosen.name);
    onClose();
    await navigate({ params: { tab: "edit" }, search: { ruleset: saved.name, version: saved.version } });
  }

  return (
    <NoteDialog
      title={known ? `Save as ${name}, version ${known.version + 1}` : `Save as a ruleset of its own, ${name}`}
      confirm={activate ? "Save, and let it rank" : "Save only"}
      isNoteNeeded
      run={(note, key) => saveRuleset({ name, text, note, activate }, key)}
      onDone={(saved) => void done(saved)}
      onClose={onClose}
    >
      <WhatChanges text={text} />
      <Radio.Group
        label="What happens"
        value={activate ? "rank" : "keep"}
        onChange={(value) => setActivate(value === "rank")}
      >
        <Stack gap={6} mt={6}>
          <Radio value="rank" label="It ranks at once; the version of before can be brought back in one step" />
          <Radio value="keep" label="It is only kept; the queue stays as it is" />
        </Stack>
      </Radio.Group>
    </NoteDialog>
  );
}

function WhatChanges({ text }: { text: string }) {
  const { data, error, refetch } = useQuery(previewQuery(text, 0));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data)
    return (
      <Stack gap={6} aria-busy="true">
        <Text size="sm">What would change is being worked out…</Text>
        <Skeleton height={60} />
      </Stack>
    );
  return (
    <div>
      <Text size="sm" fw={600}>
        {summary(data)}
      </Text>
      <Cautions cautions={data.warnings} />
      <p className={classes.about}>
        Against {data.against.name}, version {data.against.version}, which ranks now:
      </p>
      <ChangeList changes={data.changes} />
    </div>
  );
}
