import { Button, Group, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { count } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { RulesetPicker, WithChosen, type RulesetItem } from "../chosen";
import { useWorkingText } from "../edit/use-working-text";
import { ChangeList } from "../history/change-list";
import { PartLink } from "../part-link";
import { previewQuery, type Preview } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import { SaveDialog } from "../save-dialog";
import { BandTable } from "./band-table";
import { Cautions } from "./cautions";
import { ChangedRules } from "./changed-rules";
import { LateTasks } from "./late-tasks";
import { summary } from "./movement";
import { Movers } from "./movers";
import classes from "./preview.module.css";
import { TopTen } from "./top-ten";

const DAYS = [0, 7, 14, 30];

/** What a text would do to the open queue before anything is saved. */
export function PreviewTab() {
  return <WithChosen>{(chosen, all) => <Opened key={chosen.name} chosen={chosen} all={all} />}</WithChosen>;
}

function Opened({ chosen, all }: { chosen: RulesetItem; all: RulesetItem[] }) {
  const may = useMay();
  const { draft, stored, text } = useWorkingText(chosen);
  const [days, setDays] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const query = useQuery({ ...previewQuery(text ?? "", days), enabled: text !== undefined });
  return (
    <>
      <div className={frame.bar}>
        <RulesetPicker chosen={chosen} all={all} />
        <NativeSelect
          label="Also look back"
          value={String(days)}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
          data={DAYS.map((each) => ({ value: String(each), label: each ? `${each} days` : "not" }))}
        />
        <Group gap="xs">
          <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
            Run again
          </Button>
          {draft && text !== undefined && may("rules:write") && (
            <Button disabled={!query.isSuccess} onClick={() => setSaving(true)}>
              Save…
            </Button>
          )}
        </Group>
      </div>
      {!draft && <NothingWritten chosen={chosen} />}
      {stored.isError && <ProblemPanel error={stored.error} onRetry={() => void stored.refetch()} />}
      {query.isError && !query.data && (
        <Unpreviewed error={query.error} name={chosen.name} onRetry={() => void query.refetch()} />
      )}
      {query.data && <Result preview={query.data} />}
      {query.isPending && !stored.isError && <Working days={days} />}
      {isSaving && text !== undefined && <SaveDialog chosen={chosen} text={text} onClose={() => setSaving(false)} />}
    </>
  );
}

function NothingWritten({ chosen }: { chosen: RulesetItem }) {
  return (
    <p className={frame.note}>
      {chosen.active && chosen.version === chosen.active_version
        ? "This is what ranks now, as it is saved: nothing would move. "
        : `This is ${chosen.name}, version ${chosen.version}, as it is saved. `}
      <PartLink tab="edit" ruleset={chosen.name}>
        Change something
      </PartLink>{" "}
      or choose another ruleset, and see here what it would move.
    </p>
  );
}

function Working({ days }: { days: number }) {
  return (
    <>
      <p className={frame.about} role="status">
        Ranking the open queue by both rulesets{days ? `, and the last ${days} days` : ""}…
      </p>
      <RowSkeletons rows={10} height={34} />
    </>
  );
}

function Unpreviewed({ error, name, onRetry }: { error: Error; name: string; onRetry: () => void }) {
  return (
    <>
      <ProblemPanel error={error} onRetry={onRetry} />
      <p className={frame.about}>
        <PartLink tab="edit" ruleset={name}>
          Back to the text
        </PartLink>
      </p>
    </>
  );
}

function Result({ preview }: { preview: Preview }) {
  const { against, correlation, seconds } = preview;
  return (
    <>
      <h2 className={classes.summary}>{summary(preview)}</h2>
      <p className={frame.about}>
        {preview.draft.name === against.name ? "This text" : preview.draft.name} against {against.name}, version{" "}
        {against.version}, which ranks now.
        {correlation !== null && ` Rank correlation ${correlation.toFixed(3)} (1 is the same order).`} Worked out in{" "}
        {count(Math.round(seconds * 10) / 10)} s; nothing was saved.
      </p>
      <Cautions cautions={preview.warnings} />
      <TopTen before={preview.top_before} after={preview.top_after} />
      <ChangedRules rules={preview.rules} tasks={preview.tasks} />
      <Movers {...preview.movers} />
      <BandTable bands={preview.bands} />
      {preview.history && <LateTasks history={preview.history} />}
      <section aria-label="What differs">
        <h2 className={frame.heading}>What differs between the two</h2>
        <ChangeList changes={preview.changes} />
      </section>
    </>
  );
}
