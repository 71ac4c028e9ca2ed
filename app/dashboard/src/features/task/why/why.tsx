import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { isClosed, type Score, type Task } from "@/shared/api/tasks";
import { Moment } from "@/shared/time/moment";
import { absolute } from "@/shared/time/words";
import { BAND_NAMES, BandMark, groupOf } from "@/shared/ui/band";
import { count } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { STATUS_WORDS } from "@/shared/ui/task-words";
import { scoreQuery } from "../queries";
import { Fold, Section, Waiting } from "../section";
import { AlsoChecked } from "./also-checked";
import { AsOf } from "./as-of";
import { Clocks } from "./clocks";
import { ForecastView } from "./forecast";
import { Lines, Ruleset } from "./lines";
import { heldTo } from "./sum";
import { SumBar } from "./sum-bar";
import { VersusView } from "./versus";
import { WhatIf } from "./what-if";
import classes from "./why.module.css";

const BASES: Record<Score["basis"], string> = {
  present: "",
  recorded: "These are the facts that were recorded then.",
  reconstructed: "Nothing was recorded then: this is worked out from what its messages said until then.",
};

/** Why a task stands where it stands: a sum that adds up, and the questions that come next. */
export function Why({ task, below }: { task: Task; below: number | null }) {
  const [at, setAt] = useState<string | null>(null);
  const {
    data: score,
    error,
    refetch,
    isPlaceholderData,
  } = useQuery({
    ...scoreQuery(task.id, at),
    placeholderData: (before) => before,
  });
  const current = at === null && task.status === "open";
  return (
    <Section title="Why" name="why" actions={<AsOf at={at} onChange={setAt} since={task.opened_at} />}>
      {error ? (
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      ) : score ? (
        <div className={classes.why} aria-busy={isPlaceholderData} data-past={at !== null || undefined}>
          <Sum score={score} at={at} closed={at === null && isClosed(task) ? STATUS_WORDS[task.status] : null} />
          <Clocks clocks={score.clocks ?? []} at={score.at} />
          <AlsoChecked rules={score.also_checked} />
        </div>
      ) : (
        <Waiting lines={7} label="Asking why" />
      )}
      {current && (
        <>
          <Fold title={below === null ? "Why above or below another?" : "Why above the next?"}>
            <VersusView task={task} below={below} />
          </Fold>
          <Fold title="What comes by itself?" hint="how it will stand if nothing changes but the time">
            <ForecastView task={task} />
          </Fold>
          <Fold title="What would change that?" hint="single changes, each enough alone">
            <WhatIf task={task} below={below} />
          </Fold>
        </>
      )}
    </Section>
  );
}

/** `closed`: how it ended, where it did and is not looked at as of before. */
function Sum({ score, at, closed }: { score: Score; at: string | null; closed: string | null }) {
  const [lit, setLit] = useState<string | null>(null);
  const base = useId();
  const idOf = (rule: string) => `${base}${rule}`;
  const choose = (rule: string) => {
    const line = document.getElementById(idOf(rule));
    line?.scrollIntoView({ block: "nearest" });
    line?.focus({ preventScroll: true });
  };
  return (
    <>
      <p className={classes.standing}>
        {at !== null && <strong className={classes.then}>As of {absolute(score.at)}: </strong>}
        {closed === null ? (
          <>
            <BandMark group={groupOf(score)} /> with <strong>{count(score.points)} points</strong>
          </>
        ) : (
          <>
            <strong>{closed}</strong>, so it stands in no order. If it were open, it would have{" "}
            <strong>{count(score.points)} points</strong> ({BAND_NAMES[groupOf(score)]})
          </>
        )}
        {score.rank ? `, number ${count(score.rank)} in the queue` : ""}, <Ruleset {...score.ruleset} />.
        {at !== null && ` ${BASES[score.basis]}`}
      </p>
      <SumBar lines={score.contributions} points={score.points} lit={lit} onLight={setLit} onChoose={choose} />
      <Lines
        lines={score.contributions}
        points={score.points}
        held={closed === null ? heldTo(score.score, score.points) : null}
        lit={lit}
        onLight={setLit}
        idOf={idOf}
      />
      <p className={classes.until}>
        {closed === null &&
          score.tier !== "normal" &&
          `${BAND_NAMES[score.tier]}: it stands ${score.tier === "pinned" ? "before" : "behind"} all others, whatever their points. `}
        {at !== null || closed !== null ? null : score.valid_until ? (
          <>
            Time alone may change this <Moment at={score.valid_until} phrase="changes" />.
          </>
        ) : (
          "Time alone changes nothing of this."
        )}
      </p>
    </>
  );
}
