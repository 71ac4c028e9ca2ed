import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Target } from "@/shared/acting/asked";
import { carryOut, type BulkAction } from "@/shared/acting/bulk";
import { absolute, span } from "@/shared/time/words";
import { Picker, type Choice } from "@/shared/ui/picker";
import { ActDialog, close, only } from "./act-dialog";
import { AnswerButtons } from "./answer-buttons";
import { duePresets, snoozePresets, understand, type Preset } from "./moments";
import { TryOut } from "./try-out";

type Kind = {
  title: string;
  label: string;
  /** What its button is called. */
  does: string;
  presets: (now: Date) => Preset[];
  /** What a day alone means. */
  hour: number;
  action: (at: Date) => BulkAction;
};

const KINDS: Record<"snooze" | "due", Kind> = {
  snooze: {
    title: "Snooze until",
    label: "Until when",
    does: "Snooze",
    presets: snoozePresets,
    hour: 9,
    action: (at) => ({ verb: "snooze", until: at.toISOString() }),
  },
  due: {
    title: "Set the due date",
    label: "Due when",
    does: "Set the due date",
    presets: duePresets,
    hour: 17,
    action: (at) => ({ verb: "due", due_at: at.toISOString() }),
  },
};

const CLEAR = "clear";

const parserQuery = {
  queryKey: ["parser of times"],
  queryFn: async () => {
    const { casual } = await import("chrono-node/en");
    return casual;
  },
  staleTime: Infinity,
};

/** Asks for a time: by what is usual, or in words. What was understood is shown before it is done. */
export function TimeDialog({ question, target }: { question: "snooze" | "due"; target: Target }) {
  const kind = KINDS[question];
  const [text, setText] = useState("");
  const [now] = useState(() => new Date());
  const parser = useQuery(parserQuery);
  const understood = parser.data ? understand((...given) => parser.data.parse(...given), text, now, kind.hour) : null;

  const presets = kind.presets(now).filter(({ label }) => label.toLowerCase().startsWith(text.trim().toLowerCase()));
  const clearable = question === "due" && (!only(target) || only(target)?.due_at) && !text;
  const choices: Choice[] = [
    ...(understood && "at" in understood ? [chosen("understood", absolute(understood.at), understood.at, now)] : []),
    ...(text ? [] : presets.map(({ id, label, at }) => ({ id, label, detail: absolute(at) }))),
    ...(clearable ? [{ id: CLEAR, label: "No due date", detail: "Take it away" }] : []),
  ];
  const take = ({ id }: Choice) => {
    close();
    if (id === CLEAR) return void carryOut(target, { verb: "due", due_at: null });
    const at =
      id === "understood" && understood && "at" in understood
        ? understood.at
        : presets.find((each) => each.id === id)?.at;
    if (at) void carryOut(target, kind.action(at));
  };
  const problem = understood && "problem" in understood ? understood.problem : null;
  const failed = parser.isError && text ? "Words can't be read at the moment: the server does not answer." : null;
  const first = presets[0];

  return (
    <ActDialog title={kind.title} target={target}>
      <Picker
        label={kind.label}
        placeholder="For example: tomorrow 9, in 2 h, fri 14:30, 15 jan"
        text={text}
        onText={setText}
        choices={choices}
        onChoose={take}
        message={problem ?? failed ?? (text && !understood ? "Reading…" : null)}
        problem={Boolean(problem ?? failed)}
      />
      <TryOut target={target} action={first ? kind.action(first.at) : null} />
      {text && (
        <AnswerButtons
          name={kind.does}
          missing={choices.length > 0 ? null : "Write a time that can be understood first."}
          onAnswer={() => choices[0] && take(choices[0])}
        />
      )}
    </ActDialog>
  );
}

const chosen = (id: string, label: string, at: Date, now: Date): Choice => ({
  id,
  label,
  detail: `in ${span(at.getTime() - now.getTime())}`,
});
