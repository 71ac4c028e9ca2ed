import { asked } from "@/shared/acting/asked";
import { useStore } from "@/shared/ui/store";
import { AssignDialog } from "./assign-dialog";
import { ConfirmDialog } from "./confirm-dialog";
import { DeclineDialog } from "./decline-dialog";
import { LabelsDialog } from "./labels-dialog";
import { MergeDialog } from "./merge-dialog";
import { RankDialog } from "./rank-dialog";
import { TimeDialog } from "./time-dialog";

/** Asks what has to be known before an act can be done. They are here from the start: keys that follow are for them. */
export function ActingDialogs() {
  const present = useStore(asked);
  if (!present) return null;
  const { question, target } = present;
  switch (question) {
    case "snooze":
    case "due":
      return <TimeDialog question={question} target={target} />;
    case "assign":
      return <AssignDialog target={target} />;
    case "decline":
      return <DeclineDialog target={target} />;
    case "labels":
      return <LabelsDialog target={target} />;
    case "merge":
      return <MergeDialog target={target} />;
    case "rank-above":
      return <RankDialog target={target} />;
    case "complete":
    case "reopen":
    case "delete":
      return <ConfirmDialog question={question} target={target} />;
  }
}
