import { Link } from "@tanstack/react-router";
import { seen } from "@/shared/ui/outside";
import classes from "./preview.module.css";

export function TaskLink({ task, title }: { task: number; title: string }) {
  return (
    <Link to="/tasks/$taskId" params={{ taskId: task }} className={classes.title} dir="auto">
      {seen(title)}
    </Link>
  );
}
