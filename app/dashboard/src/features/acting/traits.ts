import type { Task } from "@/shared/api/tasks";
import { shortly } from "@/shared/time/words";
import { placeName, seen } from "@/shared/ui/outside";
import { STATUS_WORDS } from "@/shared/ui/task-words";

/** What tells tasks of one title apart: the number, from whom, since when, how it stands, and from where. */
export const traits = ({ id, sender, opened_at, source, status }: Task) =>
  [
    `#${id}`,
    sender && seen(sender),
    shortly(opened_at),
    status !== "open" && STATUS_WORDS[status],
    seen(placeName(source.integration)),
  ]
    .filter(Boolean)
    .join(" · ");
