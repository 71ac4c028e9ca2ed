import { Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { act } from "@/shared/acting/act";
import { ask, type Question } from "@/shared/acting/asked";
import type { Schema } from "@/shared/api/client";
import { useMay } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { Due } from "@/shared/time/due";
import { seen } from "@/shared/ui/outside";
import { PRIORITIES } from "../words";
import classes from "./facts.module.css";
import { InPlace } from "./in-place";
import { Notes } from "./notes";
import { useReturning } from "./returning";

const MOST_PROJECT = 200;

/** What is set on a task; each can be changed where it stands. */
export function Facts({ task }: { task: Task }) {
  const may = useMay()("tasks:write");
  const [writing, setWriting] = useState(false);
  const { want, give } = useReturning();
  const write = (on: boolean) => {
    if (!on) want();
    setWriting(on);
  };
  /** As it was when somebody began to change it: what others changed meanwhile is asked about, not overwritten. */
  const begun = useRef(task);
  const begin = () => {
    begun.current = task;
  };
  const edit = (changes: Schema<"TaskPatch">) => void act(begun.current, { verb: "edit", changes });
  return (
    <>
      <dl className={classes.facts}>
        <Fact name="Due" spoken={task.due_at !== null} question="due" task={task} keys="t">
          {task.due_at ? <Due task={task} /> : null}
        </Fact>
        <Fact name="Assignee" question="assign" task={task} keys="a">
          {task.assignee ? seen(task.assignee) : null}
        </Fact>
        <Fact name="Labels" question="labels" task={task} keys="l">
          {task.labels.length > 0
            ? task.labels.map((label) => (
                <span key={label} className={classes.label}>
                  {seen(label)}
                </span>
              ))
            : null}
        </Fact>
        {(may || task.priority) && (
          <div>
            <dt>Priority</dt>
            <dd>
              {may ? (
                <Priority task={task} onBegin={begin} onKeep={(priority) => edit({ priority })} />
              ) : (
                seen(task.priority ?? "")
              )}
            </dd>
          </div>
        )}
        {(may || task.project) && (
          <div>
            <dt>Project</dt>
            <dd dir="auto">
              {may ? (
                <InPlace
                  label="Project"
                  value={task.project ?? ""}
                  shown={task.project ? seen(task.project) : <span className={classes.none}>None</span>}
                  most={MOST_PROJECT}
                  className={classes.value}
                  onBegin={begin}
                  onKeep={(project) => edit({ project: project || null })}
                />
              ) : (
                seen(task.project ?? "")
              )}
            </dd>
          </div>
        )}
        {may && !task.notes && !writing && (
          <div>
            <dt>Notes</dt>
            <dd>
              <button type="button" ref={give} className={classes.value} onClick={() => write(true)}>
                <span className={classes.none}>Add…</span>
              </button>
            </dd>
          </div>
        )}
      </dl>
      {(task.notes || writing) && <Notes task={task} writing={writing} onWriting={write} onShown={give} />}
    </>
  );
}

/** Something that a dialog asks for. */
function Fact({
  name,
  question,
  task,
  keys,
  spoken = false,
  children,
}: {
  name: string;
  question: Question;
  task: Task;
  keys: string;
  /** What it is called stands in the value already. */
  spoken?: boolean;
  children: React.ReactNode;
}) {
  const may = useMay()("tasks:write");
  if (!may && children === null) return null;
  return (
    <div>
      <dt className={spoken ? "unseen" : undefined}>{name}</dt>
      <dd dir="auto">
        {may ? (
          <button
            type="button"
            className={classes.value}
            title={`Change (${keys})`}
            onClick={() => ask(question, { tasks: [task] })}
          >
            <span className="unseen">Change {name.toLowerCase()}: </span>
            {children ?? <span className={classes.none}>None</span>}
          </button>
        ) : (
          children
        )}
      </dd>
    </div>
  );
}

function Priority({
  task,
  onBegin,
  onKeep,
}: {
  task: Task;
  onBegin: () => void;
  onKeep: (priority: string | null) => void;
}) {
  const known = PRIORITIES.find((each) => each === task.priority?.toLowerCase());
  const options = [...PRIORITIES, ...(task.priority && !known ? [task.priority] : []), null];
  return (
    <Menu position="bottom-start" withinPortal onOpen={onBegin}>
      <Menu.Target>
        <button type="button" className={classes.value}>
          <span className="unseen">Change priority: </span>
          <span className={task.priority ? classes.priority : classes.none}>{seen(task.priority ?? "None")}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map((each) => (
          <Menu.Item
            key={each}
            role="menuitemradio"
            aria-checked={each === (known ?? task.priority)}
            className={classes.priority}
            onClick={() => onKeep(each)}
          >
            {seen(each ?? "None")}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
