import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Target } from "@/shared/acting/asked";
import type { Task } from "@/shared/api/tasks";
import { seen } from "@/shared/ui/outside";
import { Picker } from "@/shared/ui/picker";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ActDialog, only } from "./act-dialog";
import classes from "./acting.module.css";
import { MergeConfirm } from "./merge-confirm";
import { findTasksQuery, relatedQuery } from "./queries";
import { traits } from "./traits";

const SEARCH_MS = 120;

type OtherTaskProps = {
  target: Target;
  label: string;
  /** What becomes of the one that is chosen, while nothing is searched yet. */
  about?: string;
  onChoose: (task: Task) => void;
};

/** Finds another task: at first those that seem to belong together with it. */
export function OtherTask({ target, label, about, onChoose }: OtherTaskProps) {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), SEARCH_MS);
  const task = only(target);
  const related = useQuery(task ? relatedQuery(task.id) : { queryKey: ["tasks", "none"], queryFn: skipToken });
  const found = useQuery({ ...findTasksQuery(q), enabled: q.length > 0 });
  const ids = new Set("tasks" in target ? target.tasks.map(({ id }) => id) : []);
  const suggested = (related.data?.items ?? []).map(({ task: other }) => other);
  const tasks = (q ? (found.data?.items ?? []) : suggested).filter(({ id }) => !ids.has(id));
  const nothing = q && found.data && tasks.length === 0;
  return (
    <>
      <Picker
        label={label}
        placeholder="Words of the other task"
        text={text}
        onText={setText}
        choices={tasks.map((each) => ({
          id: String(each.id),
          label: seen(each.title),
          detail: traits(each),
          ...(q ? {} : { group: "May belong together" }),
        }))}
        onChoose={({ id }) => {
          const other = tasks.find((each) => String(each.id) === id);
          if (other) onChoose(other);
        }}
        message={nothing ? "No other task holds these words." : q && found.isPending ? "Searching…" : about}
      />
      {found.error && <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />}
    </>
  );
}

const STAYS_ONE = "The one that you choose stays, and this goes into it. You can swap them before it is done.";
const STAYS_MANY = "The one that you choose stays, and all of these go into it.";

/** Asks into which other task they go, then shows which one stays. */
export function MergeDialog({ target }: { target: Target }) {
  const [other, setOther] = useState<Task | null>(null);
  if (!("tasks" in target))
    return (
      <ActDialog title="Merge" target={target}>
        <div className={classes.body}>
          <p>Only tasks that you selected one by one can be merged: each of them moves into another for good.</p>
        </div>
      </ActDialog>
    );
  return (
    <ActDialog
      title={target.tasks.length === 1 ? "Merge this task into another" : "Merge these tasks into another"}
      target={target}
    >
      {other ? (
        <MergeConfirm tasks={target.tasks} other={other} onBack={() => setOther(null)} />
      ) : (
        <OtherTask
          target={target}
          label="The task that stays"
          onChoose={setOther}
          about={target.tasks.length === 1 ? STAYS_ONE : STAYS_MANY}
        />
      )}
    </ActDialog>
  );
}
