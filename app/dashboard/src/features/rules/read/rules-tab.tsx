import { Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { useMay } from "@/shared/api/session";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { remembered } from "@/shared/ui/remembered";
import { useStore } from "@/shared/ui/store";
import { rulesRoute, RulesetPicker, WithChosen, type RulesetItem } from "../chosen";
import { readDocument } from "../document";
import { useDraft } from "../edit/drafts";
import { usePointsDraft } from "../edit/points-draft";
import { Loaded } from "../loaded";
import { PartLink } from "../part-link";
import { healthQuery, rulesetQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import classes from "../rules.module.css";
import { Bands } from "./bands";
import { RuleList } from "./rule-list";

const asWrittenSetting = remembered("watchfloor.conditions-as-written", false);

/** A ruleset as anyone can read it. */
export function RulesTab() {
  return <WithChosen>{(chosen, all) => <Reading key={chosen.name} chosen={chosen} all={all} />}</WithChosen>;
}

function Reading({ chosen, all }: { chosen: RulesetItem; all: RulesetItem[] }) {
  const { version } = rulesRoute.useSearch();
  const query = useQuery(rulesetQuery(chosen.name, version));
  const [sought, setSought] = useState("");
  const asWritten = useStore(asWrittenSetting);
  return (
    <>
      <div className={classes.bar}>
        <RulesetPicker chosen={chosen} all={all} />
        <TextInput
          type="search"
          label="Find a rule"
          placeholder="words, a fact, an id"
          leftSection={<IconSearch aria-hidden size={15} />}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        <Switch
          label="Conditions as written"
          checked={asWritten}
          onChange={(event) => asWrittenSetting.set(event.currentTarget.checked)}
        />
      </div>
      <UnsavedNote name={chosen.name} />
      <Loaded query={query} waiting={<RowSkeletons rows={10} height={64} />}>
        {(ruleset) => <Text ruleset={ruleset} newest={chosen.version} sought={sought} asWritten={asWritten} />}
      </Loaded>
    </>
  );
}

type Shown = { ruleset: Schema<"RulesetOut">; newest: number; sought: string; asWritten: boolean };

function Text({ ruleset, newest, sought, asWritten }: Shown) {
  const may = useMay();
  const drafted = usePointsDraft(ruleset, newest);
  const health = useQuery({ ...healthQuery, enabled: ruleset.active });
  const text = readDocument(ruleset.document);
  return (
    <>
      <p className={classes.about}>
        <span dir="auto">{seen(ruleset.description)}</span> Version {ruleset.version},{" "}
        {ruleset.active ? "ranks now" : "does not rank now"}, {several(ruleset.rules, "rule")}, saved{" "}
        <Moment at={ruleset.created_at} /> by <span dir="auto">{seen(ruleset.author)}</span>
        {ruleset.note && (
          <>
            : <span dir="auto">“{seen(ruleset.note)}”</span>
          </>
        )}
        .
      </p>
      <Bands bands={text.bands} />
      <RuleList
        text={text}
        health={ruleset.active ? health.data : undefined}
        sought={sought}
        asWritten={asWritten}
        drafted={may("rules:write") ? drafted : null}
      />
    </>
  );
}

function UnsavedNote({ name }: { name: string }) {
  const draft = useDraft(name);
  if (!draft) return null;
  return (
    <p className={classes.note} data-kind="warning">
      You have unsaved changes to {name}. What stands here is what is saved.{" "}
      <PartLink tab="edit" ruleset={name}>
        Go on with them
      </PartLink>
      {" · "}
      <PartLink tab="preview" ruleset={name}>
        See what they would move
      </PartLink>
    </p>
  );
}
