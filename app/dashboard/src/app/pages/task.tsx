import { Anchor } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { TaskPanel } from "@/features/task/task-panel";
import { taskQuery } from "@/shared/api/tasks";
import { seen } from "@/shared/ui/outside";
import classes from "./task.module.css";

/** One task on a page of its own: what a link to it shows. */
export function TaskPage() {
  const { taskId } = useParams({ from: "/signed-in/tasks/$taskId" });
  const navigate = useNavigate();
  const { data } = useQuery(taskQuery(taskId));
  useDocumentTitle(`${data ? seen(data.title) : `Task ${taskId}`} · Watchfloor`);
  return (
    <div className={classes.page}>
      <nav className={classes.back} aria-label="Back">
        <Anchor component={Link} to="/" size="sm">
          ← To the queue
        </Anchor>
      </nav>
      <TaskPanel
        taskId={taskId}
        whole
        onOpen={(id) => void navigate({ to: "/tasks/$taskId", params: { taskId: id } })}
      />
    </div>
  );
}
