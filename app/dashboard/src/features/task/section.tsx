import { Skeleton, Title } from "@mantine/core";
import { useId, useState, type ReactNode } from "react";
import { useFrame } from "./frame";
import classes from "./section.module.css";

/** One part of a task, under its heading. */
export function Section({
  title,
  name,
  actions,
  children,
}: {
  title: string;
  /** For finding its place on the page. */
  name: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { level } = useFrame();
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section} data-section={name}>
      <div className={classes.head}>
        <Title order={level === 1 ? 2 : 3} id={id} className={classes.title} tabIndex={-1}>
          {title}
        </Title>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Something more that is asked for only when somebody wants to see it. */
export function Fold({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.fold} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span>{title}</span>
        {hint && <span className={classes.hint}>{hint}</span>}
      </summary>
      {open && <div className={classes.inner}>{children}</div>}
    </details>
  );
}

/** Lines that are on their way. */
export function Waiting({ lines, label }: { lines: number; label: string }) {
  return (
    <div aria-busy="true" aria-label={label} role="group" className={classes.waiting}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={14} width={`${94 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}
