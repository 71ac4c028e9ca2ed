import { isClosed, type Task } from "../api/tasks";
import { Moment } from "./moment";
import { absolute, shortly } from "./words";

/** When it is due: in words that keep up with the time, and warn; of what is closed the plain date. */
export function Due({ task }: { task: Pick<Task, "due_at" | "status"> }) {
  const at = task.due_at;
  if (!at) return null;
  if (!isClosed(task)) return <Moment at={at} phrase="due" />;
  return (
    <time dateTime={at} title={absolute(at)}>
      Due {shortly(at)}
    </time>
  );
}
