import { Button } from "@mantine/core";
import { IconSquare, IconSquareCheckFilled, IconSquareMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Target } from "@/shared/acting/asked";
import { carryOut } from "@/shared/acting/bulk";
import { KeysHint } from "@/shared/keys/keys-hint";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { Picker, type Choice } from "@/shared/ui/picker";
import { ActDialog, close, only } from "./act-dialog";
import classes from "./acting.module.css";
import { changesOf, labelChoices, toggled, type Draft, type LabelState } from "./labelling";
import { usedQuery } from "./queries";
import { TryOut } from "./try-out";

const ICONS: Record<LabelState, typeof IconSquare> = {
  all: IconSquareCheckFilled,
  some: IconSquareMinus,
  none: IconSquare,
};
const WORDS: Record<LabelState, string> = { all: "on", some: "on some", none: "" };

/** Asks which labels they bear: Enter puts one on or takes it off, and saving does all of it at once. */
export function LabelsDialog({ target }: { target: Target }) {
  const [text, setText] = useState("");
  const [draft, setDraft] = useState<Draft>({});
  const used = useQuery(usedQuery);
  const tasks = "tasks" in target ? target.tasks : [];
  const known = (used.data?.label.values ?? []).map(({ value }) => value);
  const choices = labelChoices(tasks, known, draft, text);
  const changes = changesOf(draft);
  const size = changes.add.length + changes.remove.length;
  const action = { verb: "label", ...changes } as const;
  const save = () => {
    close();
    void carryOut(target, action);
  };
  return (
    <ActDialog title="Labels" target={target}>
      <Picker
        label="Label to put on or take off"
        placeholder="Find a label, or write a new one"
        text={text}
        onText={setText}
        onSubmit={() => size > 0 && save()}
        choices={choices.map(({ label, state, isNew }) => asChoice(label, state, isNew))}
        onChoose={({ id }) => {
          setDraft(toggled(draft, id, choices.find(({ label }) => label === id)?.state ?? "none"));
          setText("");
        }}
      />
      <TryOut target={target} action={size > 0 ? action : null} />
      <div className={classes.buttons}>
        <Button variant="default" size="sm" onClick={close} rightSection={<KeysHint keys="escape" />}>
          Cancel
        </Button>
        <Button size="sm" disabled={size === 0} onClick={save} rightSection={<KeysHint keys="mod+enter" />}>
          {size === 0 ? "Save" : `Save ${several(size, "change")}${only(target) ? "" : " for all"}`}
        </Button>
      </div>
    </ActDialog>
  );
}

function asChoice(label: string, state: LabelState, isNew: boolean): Choice {
  const Icon = ICONS[state];
  return {
    id: label,
    label: seen(isNew ? `New label: ${label}` : label),
    detail: WORDS[state],
    icon: <Icon aria-hidden size={18} stroke={1.6} />,
  };
}
