import { Badge } from "@mantine/core";
import { IconFlask, IconLock, IconSend } from "@tabler/icons-react";
import type { Integration } from "@/shared/api/integrations";
import classes from "./integrations.module.css";

/** What is special about an integration: invented, private, told what people do. */
export function Marks({ integration }: { integration: Integration }) {
  const { sample, private: hidden, write_back: told } = integration;
  if (!sample && !hidden && !told) return null;
  return (
    <span className={classes.marks}>
      {sample && (
        <Badge variant="light" leftSection={<IconFlask aria-hidden size={12} />} tt="none" fw={500}>
          Sample
        </Badge>
      )}
      {hidden && (
        <Badge variant="default" leftSection={<IconLock aria-hidden size={12} />} tt="none" fw={500}>
          Private
        </Badge>
      )}
      {told && (
        <Badge variant="default" leftSection={<IconSend aria-hidden size={12} />} tt="none" fw={500}>
          Writes back
        </Badge>
      )}
    </span>
  );
}
