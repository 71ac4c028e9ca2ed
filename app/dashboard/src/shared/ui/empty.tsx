import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./empty.module.css";

/** What stands where nothing is: why, and what one can do. */
export function Empty({ title, children, icon }: { title: string; children?: ReactNode; icon?: ReactNode }) {
  return (
    <Stack className={classes.empty} align="center" gap="sm">
      {icon}
      <Title order={2} size="h4" dir="auto">
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
