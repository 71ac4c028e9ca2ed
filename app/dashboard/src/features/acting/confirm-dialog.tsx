import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sizeOf, type Target } from "@/shared/acting/asked";
import { carryOut } from "@/shared/acting/bulk";
import { KeysHint } from "@/shared/keys/keys-hint";
import { several } from "@/shared/ui/numbers";
import { ActDialog, close, only } from "./act-dialog";
import classes from "./acting.module.css";
import { TryOut, tryOutQuery } from "./try-out";

const KINDS = {
  complete: { title: "Complete", what: "A new message in its conversation reopens a task that is done." },
  reopen: { title: "Reopen", what: "They are open again, and stand where the rules put them." },
  delete: {
    title: "Delete",
    what: "It leaves every list, and no import or sync brings it back. What stands at its source stays there.",
  },
} as const;

/** Asks once more before many are done with, or one is deleted: says what will happen, and to how many. */
export function ConfirmDialog({ question, target }: { question: keyof typeof KINDS; target: Target }) {
  const { title, what } = KINDS[question];
  const action = { verb: question };
  const { data } = useQuery(tryOutQuery(target, action));
  const changed = data?.changed ?? sizeOf(target);
  return (
    <ActDialog title={title} target={target}>
      <div className={classes.body}>
        <p>{what} You can undo it for ten seconds.</p>
      </div>
      <TryOut target={target} action={action} />
      <div className={classes.buttons}>
        <Button variant="default" size="sm" onClick={close} rightSection={<KeysHint keys="escape" />}>
          Cancel
        </Button>
        <Button
          data-autofocus
          size="sm"
          {...(question === "delete" ? { color: "red" } : {})}
          disabled={changed === 0}
          rightSection={<KeysHint keys="enter" />}
          onClick={() => {
            close();
            void carryOut(target, action);
          }}
        >
          {only(target) ? title : `${title} ${several(changed, "task")}`}
        </Button>
      </div>
    </ActDialog>
  );
}
