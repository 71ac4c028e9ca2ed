import type { Schema } from "@/shared/api/client";
import { Moment } from "@/shared/time/moment";
import { several } from "@/shared/ui/numbers";
import { seen } from "@/shared/ui/outside";
import { TaskLink } from "../preview/task-link";
import classes from "./proposals.module.css";

/** Who dragged what above what, for a change and against it. */
export function Evidence({ change }: { change: Schema<"EvidencedChangeOut"> }) {
  return (
    <>
      <Drags title="Ask for it" drags={change.evidence} />
      <Drags title="Speak against it" drags={change.against} />
      {change.forgotten > 0 && (
        <p className={classes.about}>{several(change.forgotten, "drag is", "drags are")} no longer kept.</p>
      )}
    </>
  );
}

function Drags({ title, drags }: { title: string; drags: readonly Schema<"DragOut">[] }) {
  if (drags.length === 0) return null;
  return (
    <details className={classes.drags} open={drags.length <= 5}>
      <summary>
        {title}: {several(drags.length, "drag")}
      </summary>
      <ul>
        {drags.map((drag) => (
          <li key={drag.id}>
            <TaskLink task={drag.above.id} title={drag.above.title} /> above{" "}
            <TaskLink task={drag.below.id} title={drag.below.title} />
            <span className={classes.who}>
              {" "}
              <span dir="auto">{seen(drag.actor)}</span>, <Moment at={drag.at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
