import { named, useTaskCommands } from "@/shared/acting/use-task-commands";
import type { Task } from "@/shared/api/tasks";
import { useStore } from "@/shared/ui/store";
import type { ListModel } from "./list-model";

/** The keys of the task one stands on. Apart from the queue, which a step to the next row does not draw anew. */
export function CurrentCommands({ model, tasks }: { model: ListModel; tasks: readonly Task[] }) {
  const { current } = useStore(model);
  const standing = () => {
    const task = tasks.find(({ id }) => id === model.get().current);
    return task ? { tasks: [task] } : null;
  };
  const task = tasks.find(({ id }) => id === current);
  useTaskCommands(standing, named(task ? { tasks: [task] } : null));
  return null;
}
