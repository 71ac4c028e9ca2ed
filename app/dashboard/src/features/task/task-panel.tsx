import { Anchor, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { named, useTaskCommands } from "@/shared/acting/use-task-commands";
import { asApiError } from "@/shared/api/errors";
import { taskQuery, type Task } from "@/shared/api/tasks";
import { Empty } from "@/shared/ui/empty";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { Conversation } from "./conversation/conversation";
import { FrameContext, type Frame, type Spot } from "./frame";
import { Head, type Around } from "./head/head";
import { Timeline } from "./history/timeline";
import { Related } from "./related";
import { Waiting } from "./section";
import classes from "./task-panel.module.css";
import { Why } from "./why/why";

type Given = Around & {
  taskId: number;
  /** Where it lies beside something else. */
  onClose?: (() => void) | undefined;
  /** Show another task in its place. */
  onOpen: (id: number) => void;
  /** The task that stands right below it in the queue, where that is known. */
  below?: number | null | undefined;
  /** It is a page of its own, and its title the page's heading. */
  whole?: boolean;
};

/** One task: what it is, why it stands where it stands, what was said, what happened. */
export function TaskPanel(given: Given) {
  const { taskId, onClose } = given;
  const { data: task, error, refetch } = useQuery(taskQuery(taskId));
  if (task) return <Opened key={taskId} {...given} task={task} />;
  if (!error) return <Loading />;
  if (asApiError(error).status !== 404)
    return (
      <div className={classes.panel}>
        {given.whole && <h1 className="unseen">Task {taskId}</h1>}
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      </div>
    );
  return (
    <Empty title={`There is no task ${taskId}`} order={given.whole ? 1 : 2}>
      It may have been deleted or merged into another, or you may not see it.{" "}
      {onClose ? (
        <Anchor component="button" type="button" underline="always" onClick={onClose}>
          Close
        </Anchor>
      ) : (
        <Anchor component={Link} to="/" underline="always">
          To the queue
        </Anchor>
      )}
    </Empty>
  );
}

function Opened({ task, onClose, onOpen, below = null, next, previous, whole = false }: Given & { task: Task }) {
  const titleId = useId();
  const [spot, setSpot] = useState<Spot | null>(null);
  useTaskCommands(() => ({ tasks: [task] }), named({ tasks: [task] }));
  const frame: Frame = {
    level: whole ? 1 : 2,
    spot,
    look: (item, rule) => setSpot({ item, rule, turn: (spot?.turn ?? 0) + 1 }),
    onOpen,
  };
  return (
    <FrameContext value={frame}>
      <article className={classes.panel} aria-labelledby={titleId} data-whole={whole || undefined}>
        <div className={classes.columns}>
          <div className={classes.head}>
            <Head task={task} titleId={titleId} around={{ next, previous }} onClose={onClose ?? null} />
          </div>
          <div className={classes.why}>
            <Why task={task} below={below} />
          </div>
          <div className={classes.conversation}>
            <Conversation task={task} />
          </div>
          <div className={classes.rest}>
            <Related task={task} />
            <Timeline task={task} />
          </div>
        </div>
      </article>
    </FrameContext>
  );
}

function Loading() {
  return (
    <div className={classes.panel} aria-busy="true">
      <div className={classes.columns}>
        <div className={classes.head}>
          <Skeleton height={18} width="40%" mb="sm" />
          <Skeleton height={26} width="85%" mb="sm" />
          <Skeleton height={30} width="65%" />
        </div>
        <div className={classes.why}>
          <Waiting lines={8} label="Asking for the task" />
        </div>
      </div>
    </div>
  );
}
