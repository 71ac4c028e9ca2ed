import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type CSSProperties } from "react";
import type { Task } from "@/shared/api/tasks";
import { BAND_NAMES } from "@/shared/ui/band";
import { count, several, term } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useFrame } from "../frame";
import { versusQuery, type Versus } from "../queries";
import { Waiting } from "../section";
import { TaskFinder } from "./task-finder";
import classes from "./versus.module.css";

type Line = Versus["lines"][number];

const DECIDES: Record<Versus["by"], string> = {
  tier: "What is pinned stands before all others, and what is held back behind them: the points don't count between these.",
  points: "The points decide.",
  due: "They have the same points, so the earlier due date decides.",
  age: "They have the same points and due date, so the older one stands above.",
  id: "They are alike in everything that counts, so the one that was known first stands above.",
};

/** Why one stands above the other: a sentence, and each difference on its side. */
export function VersusView({ task, below }: { task: Task; below: number | null }) {
  const [other, setOther] = useState(below);
  const shown = other ?? below;
  return (
    <div className={classes.versus}>
      {shown !== null && <Comparison task={task.id} other={shown} />}
      <div className={classes.choose}>
        <TaskFinder label="Compare with another task" except={task.id} onChoose={setOther} />
        {below !== null && shown !== below && (
          <Button size="xs" variant="subtle" onClick={() => setOther(below)}>
            With the next one
          </Button>
        )}
      </div>
    </div>
  );
}

function Comparison({ task, other }: { task: number; other: number }) {
  const { onOpen } = useFrame();
  const { data, error, refetch } = useQuery(versusQuery(task, other));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting lines={5} label="Comparing" />;
  const differing = data.lines.filter((line) => line.difference !== 0);
  const alike = data.lines.length - differing.length;
  const most = Math.max(...differing.map((line) => Math.abs(line.difference)), 1);
  return (
    <>
      <p className={classes.sentence} dir="auto">
        {seen(data.sentence)}
      </p>
      {data.by !== "points" && <p className={classes.soft}>{DECIDES[data.by]}</p>}
      <div className={classes.sides}>
        <Side stands={data.other} end="start" onOpen={onOpen} />
        <Side stands={data.task} end="end" />
      </div>
      {differing.length > 0 && (
        <div>
          <p className={classes.heads} aria-hidden>
            <span>Points of</span>
            <span className={classes.figures}>
              <span>the other</span>
              <span>this task</span>
              <span>difference</span>
            </span>
          </p>
          <ul className={classes.lines} aria-label="What differs">
            {differing.map((line) => (
              <Difference key={line.rule} line={line} most={most} />
            ))}
          </ul>
        </div>
      )}
      <p className={classes.soft}>
        {differing.length > 0 && (
          <>
            The differences add up to <strong>{term(data.difference)}</strong>.{" "}
          </>
        )}
        {alike > 0 && `${several(alike, "rule")} ${alike === 1 ? "gives" : "give"} both the same.`}
      </p>
    </>
  );
}

function Side({
  stands,
  end,
  onOpen,
}: {
  stands: Versus["task"];
  end: "start" | "end";
  onOpen?: (id: number) => void;
}) {
  const title = seen(stands.title);
  return (
    <p className={classes.side} data-end={end}>
      {onOpen ? (
        <button type="button" onClick={() => onOpen(stands.task)} dir="auto" title={title}>
          {title}
        </button>
      ) : (
        <span dir="auto" title={title}>
          This task
        </span>
      )}
      <span className={classes.soft}>
        {count(stands.points)}, {stands.tier === "normal" ? BAND_NAMES[stands.band] : BAND_NAMES[stands.tier]}
      </span>
    </p>
  );
}

/** What speaks for the other goes to the left, what speaks for this one to the right. */
function Difference({ line, most }: { line: Line; most: number }) {
  const because = [line.other_because && `The other: ${line.other_because}`, line.because && `This: ${line.because}`];
  return (
    <li title={seen(because.filter(Boolean).join("\n"))}>
      <p className={classes.rule}>
        <span>{line.title}</span>
        <span className={classes.figures}>
          <span>
            <span className="unseen">the other </span>
            {count(line.other_points)}
          </span>
          <span>
            <span className="unseen">, this </span>
            {count(line.points)}
          </span>
          <strong>
            <span className="unseen">, difference </span>
            {term(line.difference)}
          </strong>
        </span>
      </p>
      <div
        className={classes.track}
        data-for={line.difference > 0 ? "this" : "other"}
        style={{ "--share": `${(Math.abs(line.difference) / most) * 50}%` } as CSSProperties}
        aria-hidden
      />
    </li>
  );
}
