import { Button } from "@mantine/core";
import { useState } from "react";
import { act } from "@/shared/acting/act";
import { mergeMany } from "@/shared/acting/merge-many";
import type { Task } from "@/shared/api/tasks";
import { KeysHint } from "@/shared/keys/keys-hint";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { close } from "./act-dialog";
import classes from "./acting.module.css";
import { traits } from "./traits";

const SHOWN = 4;

/** Shows what goes into what before it is done. Of two, either may be the one that stays. */
export function MergeConfirm({ tasks, other, onBack }: { tasks: readonly Task[]; other: Task; onBack: () => void }) {
  const [swapped, setSwapped] = useState(false);
  const [task] = tasks;
  const alone = tasks.length === 1 && task ? task : null;
  const stays = swapped && alone ? alone : other;
  const going = swapped && alone ? [other] : tasks;
  const merge = () => {
    close();
    const [first] = going;
    if (first && going.length === 1) void act(first, { verb: "merge", into: stays.id });
    else void mergeMany(going, stays);
  };
  return (
    <>
      <div className={classes.body}>
        <ul className={classes.pair}>
          <li data-stays>
            <strong>Stays</strong>
            <One task={stays} />
          </li>
          {going.slice(0, SHOWN).map((each) => (
            <li key={each.id}>
              <strong>Goes into it</strong>
              <One task={each} />
            </li>
          ))}
        </ul>
        {going.length > SHOWN && <p>And {several(going.length - SHOWN, "other")}.</p>}
        <p>The one that stays keeps its title, and gets all messages, labels and what waits for the other.</p>
      </div>
      <div className={classes.buttons}>
        <Button variant="subtle" size="sm" onClick={onBack}>
          Choose another
        </Button>
        {alone && (
          <Button variant="default" size="sm" onClick={() => setSwapped(!swapped)}>
            Swap
          </Button>
        )}
        {/* It takes the place of the field that had the focus, and Enter goes on. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <Button autoFocus size="sm" onClick={merge} rightSection={<KeysHint keys="enter" />}>
          {alone ? "Merge" : `Merge ${several(going.length, "task")}`}
        </Button>
      </div>
    </>
  );
}

function One({ task }: { task: Task }) {
  return (
    <>
      <span dir="auto">{seen(task.title)}</span>
      <span className={classes.of}>{traits(task)}</span>
    </>
  );
}
