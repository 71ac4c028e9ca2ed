import { Button, CloseButton, Loader } from "@mantine/core";
import { works, type Work } from "@/shared/acting/progress";
import { dismiss, failures, type Failure } from "@/shared/acting/refusals";
import { closeOffer, held, holdOffer, offers, undoLast, type Offer } from "@/shared/acting/undo";
import { useCommands } from "@/shared/keys/commands";
import { KeysHint } from "@/shared/keys/keys-hint";
import { count } from "@/shared/ui/numbers";
import { ProblemPanel } from "@/shared/ui/problem-panel";
import { useStore } from "@/shared/ui/store";
import classes from "./notices.module.css";

const SHOWN_FAILURES = 3;

/** What was done and can be undone, what takes long, and what was refused. */
export function Notices() {
  const offer = useStore(offers).at(-1);
  const working = useStore(works);
  const failed = useStore(failures).slice(-SHOWN_FAILURES);
  const undo = () => void undoLast();
  // The help lists them also while there is nothing to undo.
  const last = { group: "On the task", title: "Undo the last act", quiet: true, run: undo };
  useCommands([
    { ...last, id: "undo", keys: "u", ...(offer ? { title: `Undo: ${offer.sentence}`, quiet: false } : {}) },
    ...(offer ? [{ ...last, id: "undo too", keys: "mod+z" }] : [{ ...last, id: "undo too", own: "mod+z" }]),
  ]);
  return (
    <section className={classes.notices} aria-label="Notices">
      {failed.map((failure, index) => (
        <Failed key={`${failure.title} ${index}`} failure={failure} />
      ))}
      {working.map((work) => (
        <Working key={work.sentence} work={work} />
      ))}
      {offer && <Undoable key={offer.tokens.join()} offer={offer} />}
    </section>
  );
}

function Undoable({ offer }: { offer: Offer }) {
  const isHeld = useStore(held);
  return (
    // It does nothing but wait while somebody is at one of its buttons.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={classes.notice}
      data-held={isHeld || undefined}

      onPointerEnter={() => holdOffer(true)}
      onPointerLeave={() => holdOffer(false)}
      onFocus={() => holdOffer(true)}
      onBlur={() => holdOffer(false)}
    >
      <span className={classes.sentence} dir="auto">
        {offer.sentence}
      </span>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-keyshortcuts="u"
        rightSection={<KeysHint keys="u" />}
        onClick={() => void undoLast()}
      >
        Undo
      </Button>
      <CloseButton size="sm" aria-label="Close the notice" onClick={() => closeOffer(offer)} />
      <span className={classes.bar} aria-hidden />
    </div>
  );
}

function Working({ work }: { work: Work }) {
  return (
    <div className={classes.notice} role="status">
      <Loader size="xs" aria-hidden />
      <span className={classes.sentence}>
        {work.sentence}
        {work.of !== undefined && ` ${count(work.done ?? 0)} of ${count(work.of)}`}
      </span>
    </div>
  );
}

function Failed({ failure }: { failure: Failure }) {
  const { title, error, retry } = failure;
  const again = () => {
    dismiss(failure);
    retry?.();
  };
  return (
    <div className={classes.failure}>
      <div className={classes.failed}>
        <span className={classes.sentence} dir="auto">
          {title}
        </span>
        <CloseButton size="sm" aria-label={`Close the problem of ${title}`} onClick={() => dismiss(failure)} />
      </div>
      <ProblemPanel error={error} onRetry={retry ? again : undefined} />
    </div>
  );
}
