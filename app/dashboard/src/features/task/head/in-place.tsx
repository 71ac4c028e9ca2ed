import { TextInput } from "@mantine/core";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { seen } from "@/shared/ui/outside";
import classes from "./in-place.module.css";
import { useReturning } from "./returning";

/**
 * A text that can be changed where it stands: Enter or leaving it keeps the change, Escape drops it. `onBegin` is
 * called before, so that what is kept is compared with what the person saw.
 */
export function InPlace({
  label,
  value,
  shown,
  most,
  required = false,
  className,
  onBegin,
  onKeep,
}: {
  label: string;
  value: string;
  shown: ReactNode;
  most: number;
  required?: boolean;
  className?: string | undefined;
  onBegin: () => void;
  onKeep: (value: string) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const { want, give } = useReturning();
  const dropped = useRef(false);
  const leave = (keep: boolean) => {
    if (dropped.current || draft === null) return;
    dropped.current = true;
    const text = draft.trim();
    setDraft(null);
    if (keep && text !== value && (text || !required)) onKeep(text);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    want();
    leave(event.key === "Enter");
  };
  if (draft === null)
    return (
      <button
        type="button"
        ref={give}
        className={className ?? classes.shown}
        aria-label={`${label}: ${seen(value) || "none"}. Change`}
        onClick={() => {
          dropped.current = false;
          onBegin();
          setDraft(value);
        }}
        dir="auto"
      >
        {shown}
      </button>
    );
  return (
    <TextInput
      size="xs"
      className={classes.field}
      aria-label={label}
      value={draft}
      maxLength={most}
      dir="auto"
      data-autofocus
      ref={(field) => {
        if (field && document.activeElement !== field && !dropped.current) field.focus();
      }}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={onKey}
      onBlur={() => leave(true)}
    />
  );
}
