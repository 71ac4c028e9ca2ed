import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { asked, sizeOf, type Target } from "@/shared/acting/asked";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { useFocusBack } from "@/shared/ui/use-focus-back";
import classes from "./acting.module.css";

export const close = () => asked.set(null);

export const only = (target: Target) =>
  "tasks" in target && target.tasks.length === 1 ? (target.tasks[0] ?? null) : null;

/** What it is for, in words: the one task's title, or how many. */
export function nameOf(target: Target) {
  const task = only(target);
  return task ? seen(task.title) : several(sizeOf(target), "task");
}

/** What a key opens is there at once. */
export const LOOK = { transitionProps: { duration: 0 } };

type ActDialogProps = { title: string; target: Target; children: ReactNode; onClose?: () => void };

/** The frame of every question about an act: what is asked, and of which task. Esc leaves all as it is. */
export function ActDialog({ title, target, children, onClose = close }: ActDialogProps) {
  useFocusBack();
  return (
    <Modal.Root opened onClose={onClose} size="34rem" yOffset="12dvh" {...LOOK}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>
            {title}
            <span className={classes.of} dir="auto">
              {nameOf(target)}
            </span>
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        {children}
      </Modal.Content>
    </Modal.Root>
  );
}
