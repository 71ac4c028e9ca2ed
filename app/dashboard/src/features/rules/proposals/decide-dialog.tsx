import { say } from "@/shared/ui/say";
import { decide, renewRules, type Decision } from "../calls";
import { NoteDialog } from "../note-dialog";
import { ranksNow } from "../ranking-again";
import frame from "../rules.module.css";
import type { Proposal } from "./proposal-words";

const ASKED: Record<Decision, { title: string; confirm: string; about: string }> = {
  accept: {
    title: "Accept the proposal",
    confirm: "Accept, and let it rank",
    about: "The next version of the ruleset is saved with these numbers and ranks at once. It can be taken back.",
  },
  reject: {
    title: "Reject the proposal",
    confirm: "Reject",
    about: "The rules stay as they are. These drags never ask for the same change again.",
  },
  revert: {
    title: "Take the change back",
    confirm: "Take it back",
    about: "The numbers of before rank again. What somebody wrote since stays.",
  },
};

/** Asks why, and decides. */
export function DecideDialog({
  proposal: { id },
  decision,
  onClose,
}: {
  proposal: Pick<Proposal, "id">;
  decision: Decision;
  onClose: () => void;
}) {
  const { title, confirm, about } = ASKED[decision];
  return (
    <NoteDialog
      title={title}
      confirm={confirm}
      run={(note, key) => decide(id, decision, note, key)}
      onDone={({ ruleset, sentence }) => {
        if (decision !== "reject" && ruleset) ranksNow(ruleset);
        else void renewRules();
        say(sentence);
        onClose();
      }}
      onClose={onClose}
    >
      <p className={frame.about}>{about}</p>
    </NoteDialog>
  );
}
