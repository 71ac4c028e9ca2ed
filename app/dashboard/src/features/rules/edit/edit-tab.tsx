import { Button, Group, Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import type { Schema } from "@/shared/api/client";
import { useMay } from "@/shared/api/session";
import { useCommands } from "@/shared/keys/commands";
import { arriving } from "@/shared/ui/arriving";
import { RulesetPicker, WithChosen, type RulesetItem } from "../chosen";
import { Loaded } from "../loaded";
import { PartLink } from "../part-link";
import { checkQuery, factsQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import { SaveDialog } from "../save-dialog";
import { dropDraft, keepDraft, type Draft } from "./drafts";
import { EditNotes } from "./edit-notes";
import classes from "./edit.module.css";
import type { EditorHandle } from "./editor";
import { FactCatalogue } from "./fact-catalogue";
import { ProblemList } from "./problem-list";
import { useWorkingText } from "./use-working-text";

const Editor = lazy(async () => ({ default: (await arriving(() => import("./editor"))).Editor }));

/** So long somebody may type on before the text is checked. */
const CHECK_AFTER_MS = 300;

export function EditTab() {
  return <WithChosen>{(chosen, all) => <Opened key={chosen.name} chosen={chosen} all={all} />}</WithChosen>;
}

function Opened({ chosen, all }: { chosen: RulesetItem; all: RulesetItem[] }) {
  const { draft, stored } = useWorkingText(chosen);
  return (
    <Loaded query={stored} waiting={<RowSkeletons rows={6} height={72} />}>
      {(ruleset) => <Editing chosen={chosen} all={all} ruleset={ruleset} draft={draft} />}
    </Loaded>
  );
}

type Props = { chosen: RulesetItem; all: RulesetItem[]; ruleset: Schema<"RulesetOut">; draft: Draft | undefined };

function Editing({ chosen, all, ruleset, draft }: Props) {
  const handleRef = useRef<EditorHandle>(null);
  const [begun, setBegun] = useState(0);
  const [discarded, setDiscarded] = useState<Draft | null>(null);
  const text = draft?.text ?? ruleset.text;
  const [settled] = useDebouncedValue(text, CHECK_AFTER_MS);
  const check = useQuery(checkQuery(settled));
  const facts = useQuery(factsQuery);
  const change = (written: string) => {
    setDiscarded(null);
    if (written === ruleset.text) dropDraft(chosen.name);
    else keepDraft(chosen.name, { base: ruleset.version, newest: draft?.newest ?? chosen.version, text: written });
  };
  const replace = (other: Draft | null) => {
    setDiscarded(other ? null : (draft ?? null));
    if (other) keepDraft(chosen.name, other);
    else dropDraft(chosen.name);
    setBegun(begun + 1);
  };
  return (
    <>
      <div className={frame.bar}>
        <RulesetPicker chosen={chosen} all={all} />
        <p className={frame.state} role="status">
          {draft ? `Unsaved changes to version ${ruleset.version}, kept in this browser` : `Version ${ruleset.version}`}
        </p>
        <Group gap="xs">
          {discarded && (
            <Button variant="subtle" onClick={() => replace(discarded)}>
              Put discarded changes back
            </Button>
          )}
          {draft && (
            <Button variant="default" onClick={() => replace(null)}>
              Discard changes
            </Button>
          )}
          <Acts
            chosen={chosen}
            text={text}
            isChanged={draft !== undefined}
            isValid={check.data?.valid === true && settled === text}
          />
        </Group>
      </div>
      <EditNotes chosen={chosen} draft={draft} base={ruleset.version} onDiscard={() => replace(null)} />
      <div className={classes.columns}>
        <div>
          <div className={classes.editor}>
            <Suspense fallback={<Skeleton height="min(34rem, 65dvh)" />}>
              <Editor
                key={`${ruleset.version} ${begun}`}
                initial={text}
                problems={check.data?.problems ?? []}
                facts={facts.data?.items ?? []}
                onChange={change}
                handleRef={handleRef}
              />
            </Suspense>
          </div>
          <ProblemList text={settled} onGoTo={(place) => handleRef.current?.goTo(place)} />
        </div>
        <FactCatalogue onInsert={(name) => handleRef.current?.insert(name)} />
      </div>
    </>
  );
}

type ActsProps = { chosen: RulesetItem; text: string; isChanged: boolean; isValid: boolean };

function Acts({ chosen, text, isChanged, isValid }: ActsProps) {
  const may = useMay();
  const [isSaving, setSaving] = useState(false);
  const canSave = may("rules:write") && isChanged && isValid;
  useCommands(
    canSave
      ? [{ id: "save rules", group: "Rules", title: "Save the ruleset", keys: "mod+s", run: () => setSaving(true) }]
      : [],
  );
  return (
    <>
      <PartLink tab="preview" ruleset={chosen.name} looksLikeButton>
        Preview
      </PartLink>
      {may("rules:write") && (
        <Button disabled={!canSave} onClick={() => setSaving(true)}>
          Save…
        </Button>
      )}
      {isSaving && <SaveDialog chosen={chosen} text={text} onClose={() => setSaving(false)} />}
    </>
  );
}
