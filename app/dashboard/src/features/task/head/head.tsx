import { ActionIcon, Title } from "@mantine/core";
import { IconAlertTriangle, IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { act } from "@/shared/acting/act";
import { useMay } from "@/shared/api/session";
import { isClosed, type Task } from "@/shared/api/tasks";
import { Moment } from "@/shared/time/moment";
import { BandMark, groupOf } from "@/shared/ui/band";
import { placeName, seen, webAddress } from "@/shared/ui/outside";
import { pointsBehind, scoreShown } from "@/shared/ui/score";
import { STATUS_WORDS } from "@/shared/ui/task-words";
import { useFrame } from "../frame";
import { scoreQuery } from "../queries";
import { Acts } from "./acts";
import { Facts } from "./facts";
import classes from "./head.module.css";
import { InPlace } from "./in-place";
import { Telling } from "./telling";

const MOST_TITLE = 300;

export type Around = { next?: number | null | undefined; previous?: number | null | undefined };

/** What the task is, how it stands, and what can be done with it. */
export function Head({
  task,
  titleId,
  around,
  onClose,
}: {
  task: Task;
  titleId: string;
  around: Around;
  onClose: (() => void) | null;
}) {
  const { level } = useFrame();
  return (
    <header className={classes.head}>
      <div className={classes.top}>
        <Standing task={task} />
        <Ways around={around} onClose={onClose} />
      </div>
      <Title order={level} id={titleId} className={classes.title} dir="auto" aria-label={seen(task.title)}>
        <TaskTitle task={task} />
      </Title>
      <Origin task={task} />
      <Stale task={task} />
      <Telling task={task} />
      <Acts task={task} whole={level === 1} />
      <Facts task={task} />
    </header>
  );
}

function Standing({ task }: { task: Task }) {
  const open = task.status === "open";
  return (
    <p className={classes.standing}>
      {open ? <BandMark group={groupOf(task)} /> : <strong>{STATUS_WORDS[task.status]}</strong>}
      {!isClosed(task) && (
        <span className={classes.score} title={pointsBehind(task)}>
          <span className="unseen">Score </span>
          {scoreShown(task)}
        </span>
      )}
      {task.status === "snoozed" && task.snoozed_until && <Moment at={task.snoozed_until} phrase="asleep" />}
      {open && task.turn && task.since && <Moment at={task.since} phrase={task.turn} />}
      {task.status_reason && <span dir="auto">{seen(task.status_reason)}</span>}
    </p>
  );
}

function Ways({ around, onClose }: { around: Around; onClose: (() => void) | null }) {
  const { onOpen } = useFrame();
  const way = (id: number | null | undefined, label: string, Icon: typeof IconX) =>
    id === undefined ? null : (
      <ActionIcon
        variant="subtle"
        color="gray"
        size="md"
        aria-label={label}
        disabled={id === null}
        onClick={() => id !== null && onOpen(id)}
      >
        <Icon aria-hidden size={17} stroke={1.7} />
      </ActionIcon>
    );
  return (
    <div className={classes.ways}>
      {way(around.previous, "The task above", IconChevronUp)}
      {way(around.next, "The task below", IconChevronDown)}
      {onClose && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="md"
          aria-label="Close"
          aria-keyshortcuts="Escape"
          onClick={onClose}
        >
          <IconX aria-hidden size={17} stroke={1.7} />
        </ActionIcon>
      )}
    </div>
  );
}

function TaskTitle({ task }: { task: Task }) {
  const may = useMay()("tasks:write");
  const begun = useRef(task);
  const title = seen(task.title);
  if (!may) return title;
  return (
    <InPlace
      label="Title"
      value={task.title}
      shown={title}
      most={MOST_TITLE}
      required
      className={classes.change}
      onBegin={() => {
        begun.current = task;
      }}
      onKeep={(changed) => void act(begun.current, { verb: "edit", changes: { title: changed } })}
    />
  );
}

function Origin({ task }: { task: Task }) {
  const there = webAddress(task.source.url);
  const place = placeName(task.source.integration);
  return (
    <p className={classes.origin}>
      <span>#{task.id}</span>
      {task.sender && <span dir="auto">{seen(task.sender)}</span>}
      {there ? (
        <a href={there} target="_blank" rel="noreferrer" dir="auto" title="Open at its source">
          {place} <span aria-hidden>↗</span>
        </a>
      ) : (
        <span dir="auto">{place}</span>
      )}
      <Moment at={task.opened_at} phrase="began" />
      {task.source.sample && <span className={classes.mark}>Sample data</span>}
      {task.source.private && (
        <span className={classes.mark} title="Only some may see it">
          Private
        </span>
      )}
    </p>
  );
}

/** That what is said of it may be out of date, and why. */
function Stale({ task }: { task: Task }) {
  const { data } = useQuery({ ...scoreQuery(task.id, null), enabled: task.stale });
  if (!task.stale) return null;
  return (
    <p className={classes.stale}>
      <IconAlertTriangle aria-hidden size={16} stroke={1.7} />
      <span dir="auto">May be out of date. {data?.stale && seen(data.stale.reason)}</span>
    </p>
  );
}
