import { Anchor, CloseButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ApiError } from "@/shared/api/errors";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import classes from "./panels.module.css";

/** What came of something that was done with the list as a whole. */
export type Note =
  | { kind: "said"; sentence: string; proposal?: number | undefined }
  | { kind: "failed"; error: ApiError; retry: () => void };

const SHOWN_MS = 12_000;

/** One sentence above the list. It goes by itself, unless something went wrong. */
export function QueueNote({ note, onClose }: { note: Note | null; onClose: () => void }) {
  useEffect(() => {
    if (note?.kind !== "said") return;
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [note, onClose]);
  if (!note) return null;
  return (
    <div className={classes.note}>
      {note.kind === "failed" ? (
        <div className={classes.wide}>
          <ProblemPanel error={note.error} onRetry={note.retry} />
        </div>
      ) : (
        <p>
          {note.sentence}{" "}
          {note.proposal !== undefined && (
            <Anchor component={Link} to="/rules/proposals" size="sm">
              Look at the proposal
            </Anchor>
          )}
        </p>
      )}
      <CloseButton size="sm" aria-label="Close this note" onClick={onClose} />
    </div>
  );
}
