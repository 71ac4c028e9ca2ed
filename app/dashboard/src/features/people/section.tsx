import { Title } from "@mantine/core";
import { useId, type ReactNode, type Ref } from "react";
import classes from "./people.module.css";

/** One subject of the page under its heading, which can take the focus. */
export function Section({
  title,
  about,
  heading,
  children,
}: {
  title: string;
  about: string;
  heading?: Ref<HTMLHeadingElement>;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section}>
      <Title order={2} id={id} ref={heading} tabIndex={-1} className={classes.heading}>
        {title}
      </Title>
      <p className={classes.about}>{about}</p>
      {children}
    </section>
  );
}
