import { useEffect, useEffectEvent, useState } from "react";
import classes from "./drop-overlay.module.css";

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** Follows files that are dragged over the page. Dragging ends where the pointer leaves the window, too. */
function useDraggedFiles(onDrop: (files: FileList, target: EventTarget | null) => void): boolean {
  const [over, setOver] = useState(false);
  const dropped = useEffectEvent(onDrop);
  useEffect(() => {
    let depth = 0; // dragenter and dragleave come for every element on the way
    const move = (change: number) => {
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    const enter = (event: DragEvent) => holdsFiles(event) && move(1);
    const leave = (event: DragEvent) => holdsFiles(event) && move(-1);
    const stay = (event: DragEvent) => holdsFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      move(-depth);
      dropped(event.dataTransfer.files, event.target);
    };
    const stopping = new AbortController();
    const { signal } = stopping;
    addEventListener("dragenter", enter, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("dragover", stay, { signal });
    addEventListener("drop", drop, { signal });
    return () => stopping.abort();
  }, []);
  return over;
}

/** Where files can be dropped: for everybody, or for oneself alone. */
export function DropOverlay({
  mayKeep,
  onFiles,
}: {
  mayKeep: boolean;
  onFiles: (files: FileList, onlyMe: boolean) => void;
}) {
  const over = useDraggedFiles((files, target) =>
    onFiles(files, target instanceof Element && target.closest("[data-drop=mine]") !== null),
  );
  if (!over) return null;
  return (
    <div className={classes.overlay}>
      <div className={classes.zone}>
        <strong>Drop to import</strong>
        <span>Mail, Slack and Notion exports, tables</span>
      </div>
      {mayKeep && (
        <div className={classes.zone} data-drop="mine">
          <strong>Only for me</strong>
          <span>Nobody else sees what comes of it, until you share it</span>
        </div>
      )}
    </div>
  );
}
