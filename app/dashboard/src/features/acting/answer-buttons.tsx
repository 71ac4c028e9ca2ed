import { Button } from "@mantine/core";
import { KeysHint } from "@/shared/keys/keys-hint";
import { close } from "./act-dialog";
import classes from "./acting.module.css";

type AnswerButtonsProps = {
  /** What is done, as the dialog calls it. */
  name: string;
  /** Why it can't be done yet; null where it can. */
  missing: string | null;
  onAnswer: () => void;
};

/** The way on from a field for who has no Enter at hand, and the way out. */
export function AnswerButtons({ name, missing, onAnswer }: AnswerButtonsProps) {
  return (
    <div className={classes.buttons}>
      <Button variant="default" size="sm" onClick={close} rightSection={<KeysHint keys="escape" />}>
        Cancel
      </Button>
      <Button
        size="sm"
        disabled={missing !== null}
        {...(missing === null ? {} : { title: missing })}
        onClick={onAnswer}
        rightSection={<KeysHint keys="enter" />}
      >
        {name}
      </Button>
    </div>
  );
}
