import type { ReactNode } from "react";
import type { Task } from "@/shared/api/tasks";
import { Due } from "@/shared/time/due";
import { Moment } from "@/shared/time/moment";
import { placeName, seen } from "@/shared/ui/outside";
import classes from "./row.module.css";
import { STATUS_WORDS, type Column } from "./vocabulary";

const Outside = ({ children }: { children: string }) => <span dir="auto">{seen(children)}</span>;

function From({ task, withPlace }: { task: Task; withPlace: boolean }) {
  const place = seen(placeName(task.source.integration));
  if (!task.sender) return <span dir="auto">{place}</span>;
  return (
    <>
      <span dir="auto">{seen(task.sender)}</span>
      {withPlace && (
        <span className={classes.place} dir="auto">
          {place}
        </span>
      )}
    </>
  );
}

/** How it stands, in words that keep up with the time. */
function State({ task }: { task: Task }) {
  if (task.status === "snoozed" && task.snoozed_until) return <Moment at={task.snoozed_until} phrase="asleep" />;
  if (task.status !== "open") return <>{STATUS_WORDS[task.status]}</>;
  if (!task.turn) return null;
  if (!task.since) return <>{task.turn === "ours" ? "Our turn" : "Their turn"}</>;
  return <Moment at={task.since} phrase={task.turn} />;
}

/** What stands in a column; the title, labels, reasons and score have places of their own. */
export const CELLS: Record<
  Exclude<Column, "reasons" | "labels" | "score">,
  (task: Task, withPlace: boolean) => ReactNode
> = {
  from: (task, withPlace) => <From task={task} withPlace={withPlace} />,
  source: (task) => <Outside>{placeName(task.source.integration)}</Outside>,
  due: (task) => <Due task={task} />,
  turn: (task) => <State task={task} />,
  assignee: (task) => (task.assignee ? <Outside>{task.assignee}</Outside> : null),
  project: (task) => (task.project ? <Outside>{task.project}</Outside> : null),
  priority: (task) => (task.priority ? <Outside>{task.priority}</Outside> : null),
  age: (task) => <Moment at={task.opened_at} phrase="began" />,
};
