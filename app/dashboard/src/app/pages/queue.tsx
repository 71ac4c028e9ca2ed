import { Skeleton } from "@mantine/core";
import { lazyRouteComponent } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { openImport } from "@/features/importing/open-import";
import { Queue, type PanelSlot } from "@/features/queue/queue";
import { SampleBanner } from "@/features/sample/sample-banner";
import { arriving } from "@/shared/ui/arriving";
import classes from "./queue.module.css";

const onImport = () => openImport();

const TaskPanel = lazyRouteComponent(() => arriving(() => import("@/features/task/task-panel")), "TaskPanel");
const FirstRun = lazyRouteComponent(() => arriving(() => import("@/features/sample/first-run")), "FirstRun");
const SIGNS_OF_LIFE = ["pointermove", "pointerdown", "keydown", "touchstart"];

/** What shows a task is no part of the first load: it comes at the first sign of somebody who may open one. */
function usePanelInTime() {
  useEffect(() => {
    const waiting = new AbortController();
    const load = () => {
      waiting.abort();
      void TaskPanel.preload?.();
    };
    for (const sign of SIGNS_OF_LIFE) addEventListener(sign, load, { passive: true, signal: waiting.signal });
    return () => waiting.abort();
  }, []);
}

function Panel({ task, next, previous, onOpen, onClose }: PanelSlot) {
  return (
    <Suspense fallback={<Coming />}>
      <TaskPanel taskId={task} onOpen={onOpen} onClose={onClose} next={next} previous={previous} below={next} />
    </Suspense>
  );
}

function Coming() {
  return (
    <div className={classes.coming} aria-busy>
      <Skeleton height={14} width="35%" />
      <Skeleton height={22} width="80%" />
      <Skeleton height={34} width="65%" />
    </div>
  );
}

/** The list on the left; on the right the task that is open. */
export function QueuePage() {
  usePanelInTime();
  return (
    <Queue
      banner={
        <div className={classes.banner}>
          <SampleBanner onImport={onImport} />
        </div>
      }
      firstRun={
        <Suspense fallback={<Coming />}>
          <FirstRun onImport={onImport} />
        </Suspense>
      }
      Panel={Panel}
    />
  );
}
