import { Anchor, Button, CloseButton, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { RunReport } from "@/shared/runs/run-report";
import { bytes, count } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { ProgressBar } from "@/shared/ui/progress-bar";
import classes from "./dock.module.css";
import { dismiss, retry, stop, type Import, type Stage } from "./imports";
import { openImport } from "./open-import";

/** The same file would be refused again: another one is the way out. */
const HOPELESS = new Set([403, 413, 422]);

function titleOf({ name, stage }: Import) {
  if (stage.at === "refused") return `${name} was not imported`;
  if (stage.at !== "over") return name;
  return stage.run.state === "succeeded" ? `Imported ${name}` : `Could not import all of ${name}`;
}

function line(stage: Stage): { words: string; part: number | null } | null {
  switch (stage.at) {
    case "waiting":
      return { words: "Waiting for its turn", part: 0 };
    case "looking":
      return { words: stage.part < 1 ? "Sending it, to look for columns" : "Looking for columns", part: stage.part };
    case "asking":
      return { words: "Waiting for your word on its columns", part: 0 };
    case "sending":
      return { words: "Sending", part: stage.part };
    case "running":
      return stage.run?.state === "running"
        ? { words: `${count(stage.run.read)} read, ${count(stage.run.new)} new`, part: stage.run.progress }
        : { words: "Sent. Waiting for its turn", part: null };
    default:
      return null;
  }
}

function Refused({ each, error }: { each: Import; error: Extract<Stage, { at: "refused" }>["error"] }) {
  if (!HOPELESS.has(error.status)) return <ProblemPanel error={error} onRetry={() => retry(each.id)} />;
  const another = () => {
    dismiss(each.id);
    openImport({ onlyMe: each.onlyMe });
  };
  return (
    <>
      <ProblemPanel error={error} />
      {error.status !== 403 && (
        <Group>
          <Button size="xs" variant="default" onClick={another}>
            Choose another file
          </Button>
        </Group>
      )}
    </>
  );
}

/** One file on its way in, and what came of it. */
export function ImportCard({ each }: { each: Import }) {
  const id = useId();
  const { stage } = each;
  const progress = line(stage);
  const sent = stage.at === "running" || stage.at === "over" || stage.at === "refused";
  return (
    <article className={classes.card} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <h3 id={id} className={classes.cardTitle} dir="auto">
          {seen(titleOf(each))}
        </h3>
        {sent ? (
          <CloseButton size="sm" aria-label={`Dismiss ${seen(each.name)}`} onClick={() => dismiss(each.id)} />
        ) : (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => stop(each.id)}>
            Cancel
          </Button>
        )}
      </div>
      {progress && (
        <>
          <ProgressBar label={`Progress of ${seen(each.name)}`} part={progress.part} />
          <p className={classes.line}>
            {progress.words}
            {each.size !== null && ` · ${bytes(each.size)}`}
            {each.onlyMe && " · only for you"}
          </p>
        </>
      )}
      {stage.at === "over" && (
        <>
          <RunReport run={stage.run} />
          {stage.run.tasks.new + stage.run.tasks.updated > 0 && (
            <Anchor component={Link} to="/" size="sm">
              To the queue
            </Anchor>
          )}
        </>
      )}
      {stage.at === "refused" && <Refused each={each} error={stage.error} />}
    </article>
  );
}
