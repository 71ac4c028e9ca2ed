import { useState } from "react";
import { sizeOf, type Target } from "@/shared/acting/asked";
import { carryOut } from "@/shared/acting/bulk";
import { several } from "@/shared/ui/numbers";
import { Picker } from "@/shared/ui/picker";
import { remembered } from "@/shared/ui/remembered";
import { useStore } from "@/shared/ui/store";
import { ActDialog, close, only } from "./act-dialog";
import { AnswerButtons } from "./answer-buttons";
import { TryOut } from "./try-out";

const MOST_REASONS = 8;
const LONGEST = 1000;

/** The reasons that were given in this browser, the latest first. */
const reasons = remembered<readonly string[]>("watchfloor.decline-reasons", []);

/** Asks why we will not do it: there has to be a reason, for whoever reads the history. */
export function DeclineDialog({ target }: { target: Target }) {
  const [text, setText] = useState("");
  const given = useStore(reasons);
  const reason = text.trim();
  const like = given.filter((each) => each !== reason && each.toLowerCase().includes(reason.toLowerCase()));
  const tooLong = reason.length > LONGEST;
  const message = tooLong ? `At most ${LONGEST} characters.` : "A reason is needed. It stands in the task's history.";
  const decline = (because: string) => {
    close();
    reasons.set([because, ...given.filter((each) => each !== because)].slice(0, MOST_REASONS));
    void carryOut(target, { verb: "decline", reason: because });
  };
  return (
    <ActDialog title="Decline, because" target={target}>
      <Picker
        label="Why it is declined"
        placeholder="For example: belongs to the billing team"
        text={text}
        onText={setText}
        choices={[
          ...(reason && !tooLong ? [{ id: reason, label: `Decline: ${reason}` }] : []),
          ...like.map((each) => ({ id: each, label: each, group: "Reasons you gave before" })),
        ]}
        onChoose={({ id }) => decline(id)}
        message={message}
        problem={tooLong}
      />
      <TryOut target={target} action={{ verb: "decline", reason: "-" }} />
      <AnswerButtons
        name={only(target) ? "Decline" : `Decline ${several(sizeOf(target), "task")}`}
        missing={!reason || tooLong ? message : null}
        onAnswer={() => decline(reason)}
      />
    </ActDialog>
  );
}
