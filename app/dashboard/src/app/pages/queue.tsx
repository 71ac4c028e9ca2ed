import { openImport } from "@/features/importing/open-import";
import { Queue, type PanelSlot } from "@/features/queue/queue";
import { FirstRun } from "@/features/sample/first-run";
import { SampleBanner } from "@/features/sample/sample-banner";
import { TaskPanel } from "@/features/task/task-panel";
import classes from "./queue.module.css";

const onImport = () => openImport();

function Panel({ task, next, previous, onOpen, onClose }: PanelSlot) {
  return <TaskPanel taskId={task} onOpen={onOpen} onClose={onClose} next={next} previous={previous} below={next} />;
}

/** The list on the left; on the right the task that is open. */
export function QueuePage() {
  return (
    <Queue
      banner={
        <div className={classes.banner}>
          <SampleBanner onImport={onImport} />
        </div>
      }
      firstRun={<FirstRun onImport={onImport} />}
      Panel={Panel}
    />
  );
}
