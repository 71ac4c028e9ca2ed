import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./empty.module.css";

/** What stands where nothing is: why, and what one can do. */
export function Empty({
  title,
  children,
  icon,
  order = 2,
}: {
  title: string;
  children?: ReactNode;
  icon?: ReactNode;
  /** 1 where it is the whole page. */
  order?: 1 | 2;
}) {
  return (
    <Stack className={classes.empty} align="center" gap="sm">
      {icon}
      <Title order={order} size="h4" dir="auto">
        {title}
      </Title>
      {children && (
        <Text component="div" c="dimmed" size="sm" maw="34rem" ta="center">
          {children}
        </Text>
      )}
    </Stack>
  );
}
