import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import classes from "./picker.module.css";

export type Choice = {
  id: string;
  label: string;
  /** What stands beside it: an exact time, where from, keys. */
  detail?: ReactNode;
  icon?: ReactNode;
  /** Under which heading it stands; those of one group come one after the other. */
  group?: string;
};

type PickerProps = {
  /** What the field is called. */
  label: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  choices: readonly Choice[];
  onChoose: (choice: Choice) => void;
  /** What is to be said of the text: how it is understood, or what is wrong with it. */
  message?: ReactNode;
  /** For what is done with all of it, by Enter with Ctrl or ⌘. */
  onSubmit?: () => void;
  problem?: boolean;
};

/** A field with what it leads to below: arrows move, Enter takes it, and the pointer does the same. */
export function Picker({
  label,
  placeholder,
  text,
  onText,
  choices,
  onChoose,
  onSubmit,
  message,
  problem,
}: PickerProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  // At once, and not when the dialog's trap gets to it: what is typed right after the key that opened it is for it.
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  const active = choices.find((each) => each.id === wanted) ?? choices[0];
  // An id with a blank in it would be read as several.
  const optionId = (choice: Choice) => `${id}-${encodeURIComponent(choice.id)}`;

  const move = (step: number) => {
    const from = active ? choices.indexOf(active) : -1;
    const next = choices.at((from + step + choices.length) % Math.max(choices.length, 1));
    if (!next) return;
    setWanted(next.id);
    document.getElementById(optionId(next))?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const plain = !event.metaKey && !event.ctrlKey && !event.altKey && !event.nativeEvent.isComposing;
    if (event.key === "Enter" && !plain) onSubmit?.();
    if (!plain) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && active) onChoose(active);
    else if (event.key !== "Enter") return;
    event.preventDefault();
  };

  return (
    <div>
      <div className={classes.field}>
        <input
          ref={field}
          data-autofocus
          role="combobox"
          aria-label={label}
          aria-expanded={choices.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active && optionId(active)}
          aria-describedby={message ? `${id}-message` : undefined}
          aria-invalid={problem}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          dir="auto"
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setWanted(null);
            onText(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {message && (
        <p
          id={`${id}-message`}
          className={classes.message}
          data-problem={problem === true ? true : undefined}
          aria-live="polite"
        >
          {message}
        </p>
      )}
      <div id={`${id}-list`} role="listbox" aria-label={label} className={classes.list} hidden={choices.length === 0}>
        {grouped(choices).map(([group, members], at) => (
          <Group key={group} id={`${id}-group-${at}`} name={group}>
            {members.map((choice) => (
              <Option
                key={choice.id}
                id={optionId(choice)}
                choice={choice}
                active={choice === active}
                onPoint={() => setWanted(choice.id)}
                onChoose={() => onChoose(choice)}
              />
            ))}
          </Group>
        ))}
      </div>
    </div>
  );
}

function Group({ id, name, children }: { id: string; name: string; children: ReactNode }) {
  if (!name) return children;
  return (
    <div role="group" aria-labelledby={id}>
      <div id={id} role="presentation" className={classes.group}>
        {name}
      </div>
      {children}
    </div>
  );
}

type OptionProps = { id: string; choice: Choice; active: boolean; onPoint: () => void; onChoose: () => void };

// The field keeps the focus, and its keys move among the options: they take none themselves.
function Option({ id, choice, active, onPoint, onChoose }: OptionProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      data-active={active || undefined}
      className={classes.choice}
      onPointerMove={active ? undefined : onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      onKeyDown={(event) => event.key === "Enter" && onChoose()}
    >
      {choice.icon}
      <span className={classes.label} dir="auto">
        {choice.label}
      </span>
      {choice.detail && <span className={classes.detail}>{choice.detail}</span>}
    </div>
  );
}

function grouped(choices: readonly Choice[]): [string, Choice[]][] {
  const groups = new Map<string, Choice[]>();
  for (const choice of choices) {
    const group = groups.get(choice.group ?? "") ?? [];
    group.push(choice);
    groups.set(choice.group ?? "", group);
  }
  return [...groups];
}
