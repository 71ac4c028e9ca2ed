import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/shared/api/client";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import type { Decision } from "../calls";
import { Loaded } from "../loaded";
import { TopTen } from "../preview/top-ten";
import { proposalQuery } from "../queries";
import { RowSkeletons } from "../row-skeletons";
import frame from "../rules.module.css";
import { DecideDialog } from "./decide-dialog";
import { Evidence } from "./evidence";
import { numbersWords } from "./proposal-words";
import classes from "./proposals.module.css";

type Full = Schema<"ProposalOut">;

/** What is proposed now: the numbers, the drags that ask for them, what would move, and the decision. */
export function OpenProposal({ id, canDecide }: { id: number; canDecide: boolean }) {
  const query = useQuery(proposalQuery(id));
  return (
    <Loaded query={query} waiting={<RowSkeletons rows={4} height={80} />}>
      {(proposal) => <Shown proposal={proposal} canDecide={canDecide} />}
    </Loaded>
  );
}

function Shown({ proposal, canDecide }: { proposal: Full; canDecide: boolean }) {
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const { ruleset, drags, agreed_before, agreed_after, changes, preview } = proposal;
  return (
    <section aria-label="Open proposal">
      <div className={frame.bar}>
        <div>
          <h2 className={classes.summary} dir="auto">
            {seen(proposal.sentence)}
          </h2>
          <p className={classes.about}>
            For {ruleset.name}, version {ruleset.version}, made <Moment at={proposal.created_at} />. Of{" "}
            {several(drags, "drag")}, {agreed_after} would stand as wished, instead of {agreed_before}.
          </p>
        </div>
        {canDecide && (
          <Group gap="xs">
            <Button variant="default" onClick={() => setDeciding("reject")}>
              Reject…
            </Button>
            <Button onClick={() => setDeciding("accept")}>Accept…</Button>
          </Group>
        )}
      </div>
      {!canDecide && <p className={frame.note}>Only an admin can accept or reject it.</p>}
      <ul className={frame.list}>
        {changes.map((change) => (
          <li key={change.rule + change.field}>
            <p className={classes.change}>
              <strong dir="auto">{change.title}</strong> <code className={frame.soft}>{change.rule}</code>{" "}
              <span className={classes.numbers}>{numbersWords(change.before, change.after)}</span>
            </p>
            <Evidence change={change} />
          </li>
        ))}
      </ul>
      {preview && (
        <>
          <h2 className={frame.heading}>
            What it would move
            <span className={frame.headingNote}>
              {preview.moved} of {several(preview.tasks, "open task")}
            </span>
          </h2>
          <TopTen before={preview.top_before} after={preview.top_after} />
        </>
      )}
      {deciding && <DecideDialog proposal={proposal} decision={deciding} onClose={() => setDeciding(null)} />}
    </section>
  );
}
