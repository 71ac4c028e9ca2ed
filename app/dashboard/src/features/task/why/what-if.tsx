import { Button, NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { act } from "@/shared/acting/act";
import { useMay } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { absolute } from "@/shared/time/words";
import { BandMark } from "@/shared/ui/band";
import { count, several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useFrame } from "../frame";
import { whatIfQuery, type Supposition } from "../queries";
import { Waiting } from "../section";
import { suggested } from "./suggested";
import classes from "./what-if.module.css";

const GOALS = [
  { value: "first", label: "to be first" },
  { value: "top10", label: "to be among the first ten" },
  { value: "band:now", label: "to be in the band «now»" },
  { value: "band:next", label: "to be at least in the band «next»" },
  { value: "band:later", label: "to be at least in the band «later»" },
];

/** What would have to change for a task to reach a goal, one thing at a time. */
export function WhatIf({ task, below }: { task: Task; below: number | null }) {
  const [goal, setGoal] = useState("first");
  const goals = below === null ? GOALS : [...GOALS, { value: `above:${below}`, label: "to stand above the next one" }];
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...whatIfQuery(task.id, goal),
    placeholderData: keepPreviousData,
  });
  return (
    <div className={classes.whatIf} aria-busy={isPlaceholderData}>
      <NativeSelect
        size="xs"
        className={classes.goal}
        label="What would it need"
        data={goals}
        value={goal}
        onChange={(event) => setGoal(event.currentTarget.value)}
      />
      {error ? (
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <p className={classes.sentence} dir="auto">
            {seen(data.goal.sentence)}
            {data.goal.holds && " It is so already: nothing has to change."}
          </p>
          {data.changes.length > 0 && (
            <ul className={classes.changes} aria-label="Each of these is enough alone">
              {data.changes.map((change) => (
                <Change key={change.fact + change.sentence} task={task} change={change} />
              ))}
            </ul>
          )}
          {!data.goal.holds && data.changes.length === 0 && (
            <p className={classes.soft}>Nothing that a person can change here is enough alone.</p>
          )}
          {data.closest && data.changes.length === 0 && (
            <ul className={classes.changes} aria-label="What comes closest">
              <Change task={task} change={data.closest} closest />
            </ul>
          )}
          <p className={classes.soft}>
            Compared with {count(data.compared.tasks)} of the {several(data.compared.of, "other open task")}. Each
            answer was scored again, not estimated.
          </p>
        </>
      ) : (
        <Waiting lines={4} label="Trying changes" />
      )}
    </div>
  );
}

function Change({ task, change, closest = false }: { task: Task; change: Supposition; closest?: boolean }) {
  const may = useMay();
  const { onOpen } = useFrame();
  const idea = suggested(change.do);
  const words = seen(change.sentence);
  return (
    <li>
      <div>
        <p className={classes.what} dir="auto">
          {closest && "Closest: "}
          {words.charAt(0).toUpperCase() + words.slice(1)}
        </p>
        <p className={classes.soft}>
          then {count(change.points_after)} points, <BandMark group={change.band_after} />
          {change.rank_after ? `, number ${count(change.rank_after)}` : ""}
          {typeof change.to === "string" && /^\d{4}-/.test(change.to) && ` (${absolute(change.to)})`}
        </p>
      </div>
      {idea && idea.task !== task.id ? (
        <Button size="xs" variant="default" onClick={() => onOpen(idea.task)}>
          Open task {idea.task}
        </Button>
      ) : (
        idea &&
        may("tasks:write") && (
          <Button
            size="xs"
            variant="default"
            aria-label={`Do it: ${words}`}
            onClick={() => void act(task, idea.action)}
          >
            Do it
          </Button>
        )
      )}
    </li>
  );
}
