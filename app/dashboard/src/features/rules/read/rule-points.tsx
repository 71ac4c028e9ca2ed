import { useRef, useState } from "react";
import { term } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import type { RuleText } from "../document";
import type { PointsDraft } from "../edit/points-draft";
import classes from "./rule-points.module.css";

/** Once, when it appears: a number that is typed takes the place of the one that stands there. */
function enter(field: HTMLInputElement | null) {
  field?.focus();
  field?.select();
}

/** What a rule gives, for who may change it: a number that becomes a field. What is changed waits as a draft. */
export function RulePoints({ rule, drafted }: { rule: RuleText; drafted: PointsDraft }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const saved = rule.points ?? 0;
  const now = drafted.of(rule.id);
  if (now === null) return term(saved);

  const close = (back: boolean) => {
    setOpen(false);
    if (back) requestAnimationFrame(() => button.current?.focus());
  };
  const take = (field: HTMLInputElement, back: boolean) => {
    if (Number.isFinite(field.valueAsNumber)) drafted.set(rule.id, field.valueAsNumber);
    close(back);
  };
  const title = seen(rule.title);
  if (open)
    return (
      <input
        ref={enter}
        type="number"
        step="any"
        className={classes.field}
        aria-label={`Points of «${title}»`}
        defaultValue={now}
        onBlur={(event) => take(event.currentTarget, false)}
        onKeyDown={(event) => {
          if (event.key === "Enter") take(event.currentTarget, true);
          if (event.key !== "Escape") return;
          event.currentTarget.value = String(now); // whatever takes the focus away takes what stands here
          close(true);
        }}
      />
    );
  const words = now === saved ? term(saved) : `${term(saved)} → ${term(now)}`;
  return (
    <button
      ref={button}
      type="button"
      className={classes.number}
      data-changed={now !== saved || undefined}
      aria-label={`${words}: change the points of «${title}»`}
      onClick={() => setOpen(true)}
    >
      {words}
    </button>
  );
}
