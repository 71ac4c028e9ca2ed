import { IconAlertTriangle } from "@tabler/icons-react";
import type { Schema } from "@/shared/api/client";
import { seen } from "@/shared/ui/outside";
import classes from "./preview.module.css";

/** What looks like a mistake. */
export function Cautions({ cautions }: { cautions: readonly Schema<"CautionOut">[] }) {
  if (cautions.length === 0) return null;
  return (
    <ul className={classes.cautions} aria-label="What looks like a mistake">
      {cautions.map((caution) => (
        <li key={caution.code + (caution.rule ?? "")}>
          <IconAlertTriangle aria-hidden size={16} />
          <span dir="auto">{seen(caution.sentence)}</span>
        </li>
      ))}
    </ul>
  );
}
