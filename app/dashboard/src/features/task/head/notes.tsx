import { Button, Group, Textarea } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { act } from "@/shared/acting/act";
import { useMay } from "@/shared/api/session";
import type { Task } from "@/shared/api/tasks";
import { OutsideText } from "../conversation/outside-text";
import classes from "./notes.module.css";

const MOST = 100_000;

/** What people wrote about a task for each other. */
export function Notes({
  task,
  writing,
  onWriting,
  onShown,
}: {
  task: Task;
  writing: boolean;
  onWriting: (writing: boolean) => void;
  /** The button that begins the writing is there. */
  onShown: (button: HTMLButtonElement | null) => void;
}) {
  const may = useMay()("tasks:write");
  if (writing) return <Editor task={task} onDone={() => onWriting(false)} />;
  return (
    <div className={classes.notes}>
      <p className={classes.text} dir="auto">
        <span className="unseen">Notes: </span>
        <OutsideText text={task.notes} />
      </p>
      {may && (
        <Button ref={onShown} size="compact-xs" variant="subtle" onClick={() => onWriting(true)}>
          Edit notes
        </Button>
      )}
    </div>
  );
}

function Editor({ task, onDone }: { task: Task; onDone: () => void }) {
  /** As it was when the writing began: what others changed meanwhile is asked about, not overwritten. */
  const [begun] = useState(task);
  const [text, setText] = useState(task.notes);
  const keep = () => {
    if (text !== begun.notes) void act(begun, { verb: "edit", changes: { notes: text } });
    onDone();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") onDone();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.editor}>
      <Textarea
        label="Notes"
        autosize
        minRows={3}
        maxRows={14}
        maxLength={MOST}
        value={text}
        dir="auto"
        ref={focusOnce}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <Group gap="xs">
        <Button size="xs" onClick={keep} aria-keyshortcuts="Control+Enter Meta+Enter">
          Save notes
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </div>
  );
}

/** Called once, when the field appears. */
function focusOnce(field: HTMLTextAreaElement | null) {
  field?.focus();
}
