import { Button, Modal } from "@mantine/core";
import { act } from "@/shared/acting/act";
import type { Action } from "@/shared/acting/actions";
import { differences } from "@/shared/acting/conflict";
import { conflicts, decided, type Conflict } from "@/shared/acting/refusals";
import { seen } from "@/shared/ui/outside";
import { useStore } from "@/shared/ui/store";
import { useFocusBack } from "@/shared/ui/use-focus-back";
import { LOOK } from "./act-dialog";
import classes from "./acting.module.css";

const WANTED: Record<Action["verb"], string> = {
  complete: "complete it",
  reopen: "reopen it",
  snooze: "snooze it",
  decline: "decline it",
  assign: "assign it",
  edit: "change it",
  merge: "merge it",
  delete: "delete it",
};

/** Somebody was quicker: shows what they changed, and asks whether to go on all the same. */
export function ConflictDialog() {
  const [conflict] = useStore(conflicts);
  return conflict ? <Asked key={`${conflict.now.id} ${conflict.now.version}`} conflict={conflict} /> : null;
}

function Asked({ conflict }: { conflict: Conflict }) {
  const { before, now, action } = conflict;
  const leave = () => decided(conflict);
  const goOn = () => {
    decided(conflict);
    // With the task as it is now: whatever changes from here on is asked about again.
    void act(now, action);
  };
  useFocusBack();
  return (
    <Modal.Root opened onClose={leave} size="34rem" yOffset="12dvh" {...LOOK}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>
            This task was changed meanwhile
            <span className={classes.of} dir="auto">
              {seen(now.title)}
            </span>
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <div className={classes.body}>
          <p>You wanted to {WANTED[action.verb]}. Since you saw it, this changed:</p>
          <Changes before={before} now={now} />
        </div>
        <div className={classes.buttons}>
          <Button variant="default" size="sm" onClick={goOn}>
            Do it all the same
          </Button>
          <Button data-autofocus size="sm" onClick={leave}>
            Leave it as it is
          </Button>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

function Changes({ before, now }: Pick<Conflict, "before" | "now">) {
  const changed = differences(before, now);
  if (changed.length === 0) return <p>Nothing that people set: its messages, or what the rules know of it.</p>;
  return (
    <dl className={classes.changes}>
      {changed.map((each) => (
        <div key={each.field} className={classes.change}>
          <dt>{each.field}</dt>
          <dd>
            <del dir="auto">{seen(each.before)}</del> <span aria-hidden>→</span>
            <span className="unseen">is now</span> <ins dir="auto">{seen(each.now)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
