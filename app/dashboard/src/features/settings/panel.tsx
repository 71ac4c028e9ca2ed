import { Title } from "@mantine/core";
import { useId, type ReactNode } from "react";
import classes from "./panel.module.css";

/** One subject of the settings: what it is for, and what can be set. */
export function Panel({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.panel}>
      <div className={classes.head}>
        <Title order={2} id={id} size="h5">
          {title}
        </Title>
        {about && <p>{about}</p>}
      </div>
      <div>{children}</div>
    </section>
  );
}
