import { Button } from "@mantine/core";
import { useState } from "react";
import { Moment } from "@/shared/time/moment";
import { seen } from "@/shared/ui/outside";
import frame from "../rules.module.css";
import { DecideDialog } from "./decide-dialog";
import { STATE_NAMES, type Proposal } from "./proposal-words";
import classes from "./proposals.module.css";

/** What became of earlier proposals; what was accepted can be taken back. */
export function PastProposals({ proposals, canDecide }: { proposals: readonly Proposal[]; canDecide: boolean }) {
  const [reverting, setReverting] = useState<Proposal | null>(null);
  if (proposals.length === 0) return null;
  return (
    <section aria-label="Earlier proposals">
      <h2 className={frame.heading}>Earlier proposals</h2>
      <ol className={frame.list}>
        {proposals.map((proposal) => (
          <li key={proposal.id} className={classes.past}>
            <div className={classes.pastMain}>
              <p className={classes.pastState}>
                {STATE_NAMES[proposal.state]}
                {proposal.decided_at && (
                  <span className={classes.who}>
                    {" "}
                    <Moment at={proposal.decided_at} />
                    {proposal.decided_by && (
                      <>
                        {" by "}
                        <span dir="auto">{seen(proposal.decided_by)}</span>
                      </>
                    )}
                  </span>
                )}
              </p>
              <p className={classes.about} dir="auto">
                {seen(proposal.sentence)}
              </p>
              {proposal.note && <p dir="auto">“{seen(proposal.note)}”</p>}
            </div>
            {canDecide && proposal.state === "accepted" && (
              <Button size="xs" variant="default" onClick={() => setReverting(proposal)}>
                Take back…
              </Button>
            )}
          </li>
        ))}
      </ol>
      {reverting && <DecideDialog proposal={reverting} decision="revert" onClose={() => setReverting(null)} />}
    </section>
  );
}
