import { Title } from "@mantine/core";
import { useId, type ReactNode } from "react";
import classes from "./watch.module.css";

/** One subject of the page under its heading. */
export function Section({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section}>
      <Title order={2} id={id} className={classes.heading}>
        {title}
      </Title>
      {about && <p className={classes.about}>{about}</p>}
      {children}
    </section>
  );
}
