import { IconFlask } from "@tabler/icons-react";
import { memo, useRef, type ReactNode } from "react";
import { isClosed, type Task } from "@/shared/api/tasks";
import { BandMark, groupOf } from "@/shared/ui/band";
import { count } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { pointsBehind, scoreShown } from "@/shared/ui/score";
import { CELLS } from "./cells";
import { useRankDrag } from "./rank-drag";
import classes from "./row.module.css";
import { STATUS_WORDS, TIER_WORDS, type Column } from "./vocabulary";

export type RowProps = {
  task: Task;
  /** Its line in the list, counted from 1. */
  line: number;
  columns: readonly Column[];
  narrow: boolean;
  chosen: boolean;
  /** Its task stands in the panel. */
  open: boolean;
  /** Tab reaches this row; the arrows reach the others from here. */
  reached: boolean;
  /** It can be chosen, and dragged above another. */
  choosable: boolean;
};

const why = ({ status, status_reason, reasons }: Task) =>
  status_reason && (status === "declined" || status === "not_for_us") ? status_reason : reasons.join(" · ");

/** What is closed presses for nothing: it shows how it ended. */
const standing = (task: Task) =>
  isClosed(task) ? STATUS_WORDS[task.status] : task.tier === "normal" ? task.band : TIER_WORDS[task.tier];

function Marks({ task }: { task: Task }) {
  const marks = [task.source.sample && "Sample", task.source.private && "private", task.stale && "source is stale"];
  const words = marks.filter((mark) => mark !== false);
  return words.map((mark) => (
    <span key={mark} className={classes.mark} title={mark}>
      {mark === "Sample" && <IconFlask aria-hidden size={15} stroke={1.6} className={classes.picture} />}
      <span>{mark}</span>
    </span>
  ));
}

function Labels({ labels }: { labels: readonly string[] }) {
  const shown = labels.slice(0, 3);
  return (
    <>
      {shown.map((label) => (
        <span key={label} className={classes.label} dir="auto">
          {seen(label)}
        </span>
      ))}
      {labels.length > shown.length && <span className={classes.mark}>+{count(labels.length - shown.length)}</span>}
    </>
  );
}

/** One task in a line or three. It says nothing to React but what it is given, so that scrolling stays smooth. */
export const TaskRow = memo(function TaskRow(props: RowProps): ReactNode {
  const { task, columns, narrow, chosen, open, reached, line, choosable } = props;
  const cells = columns.filter((column) => column !== "reasons" && column !== "labels" && column !== "score");
  const title = seen(task.title);
  const withPlace = !columns.includes("source") && (narrow || columns.includes("reasons"));
  const row = useRef<HTMLDivElement>(null);
  useRankDrag(row, task.id, choosable && task.status === "open");
  return (
    <div
      ref={row}
      role="row"
      tabIndex={reached ? 0 : -1}
      aria-rowindex={line}
      aria-selected={chosen}
      aria-current={open || undefined}
      data-task={task.id}
      data-narrow={narrow || undefined}
      data-status={task.status}
      className={classes.row}
    >
      <span role="gridcell" className={classes.choose} data-choose={choosable || undefined}>
        {choosable && (
          // The list's handler chooses, because with shift it chooses everything in between.
          <span className={classes.box}>
            <input type="checkbox" tabIndex={-1} checked={chosen} readOnly aria-label={`Select ${title}`} />
          </span>
        )}
      </span>
      <span role="gridcell" className={classes.band}>
        {!isClosed(task) && <BandMark group={groupOf(task)} bare />}
        <span className="unseen">{standing(task)}</span>
      </span>
      <span role="gridcell" className={classes.main}>
        <span className={classes.head}>
          <a href={`/tasks/${task.id}`} tabIndex={-1} draggable={false} className={classes.title} dir="auto">
            {title}
          </a>
          <Marks task={task} />
          {columns.includes("labels") && <Labels labels={task.labels} />}
        </span>
        {columns.includes("reasons") && (
          <span className={classes.why} dir="auto">
            {seen(why(task))}
          </span>
        )}
      </span>
      {cells.length > 0 && (
        <span className={classes.cells} role="presentation">
          {cells.map((column) => (
            <span key={column} role="gridcell" className={classes.cell} data-column={column}>
              {CELLS[column](task, withPlace)}
            </span>
          ))}
        </span>
      )}
      {columns.includes("score") && (
        <span role="gridcell" className={classes.score} title={pointsBehind(task)}>
          <span className="unseen">Score </span>
          {scoreShown(task)}
        </span>
      )}
    </div>
  );
});
