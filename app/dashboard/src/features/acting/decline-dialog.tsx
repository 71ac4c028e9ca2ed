import { useState } from "react";
import type { Target } from "@/shared/acting/asked";
import { carryOut } from "@/shared/acting/bulk";
import { Picker } from "@/shared/ui/picker";
import { remembered } from "@/shared/ui/remembered";
import { useStore } from "@/shared/ui/store";
import { ActDialog, close } from "./act-dialog";
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
  return (
    <ActDialog title="Decline, because" target={target}>
      <Picker
        label="Why it is declined"
        placeholder="Belongs to the billing team"
        text={text}
        onText={setText}
        choices={[
          ...(reason && !tooLong ? [{ id: reason, label: `Decline: ${reason}` }] : []),
          ...like.map((each) => ({ id: each, label: each, group: "Reasons you gave before" })),
        ]}
        onChoose={({ id }) => {
          close();
          reasons.set([id, ...given.filter((each) => each !== id)].slice(0, MOST_REASONS));
          void carryOut(target, { verb: "decline", reason: id });
        }}
        message={tooLong ? `At most ${LONGEST} characters.` : "A reason is needed. It stands in the task's history."}
        problem={tooLong}
      />
      <TryOut target={target} action={{ verb: "decline", reason: "-" }} />
    </ActDialog>
  );
}
