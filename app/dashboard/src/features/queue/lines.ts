import type { Task } from "@/shared/api/tasks";
import { BAND_NAMES, type Group } from "@/shared/ui/band";
import type { QueuePage } from "./queries";
import { headOf } from "./sections";
import type { GroupBy, Sort } from "./vocabulary";

/** What stands in the list, line by line. `place` counts the tasks from 1. */
export type Line =
  | { kind: "head"; key: string; title: string; tasks: number; whole: boolean }
  | { kind: "task"; task: Task; place: number };

type Pages = { pages: readonly QueuePage[] };
type Heading = { key: string; title: string };

function headingOf(page: QueuePage, task: Task, group: GroupBy, sort: Sort): Heading | null {
  // One that came back after its page was fetched anew without it has no place of its own there.
  const key = page.heads[task.id] ?? headOf(task, group, sort);
  if (group === "none") return null;
  if (group === "project") return { key, title: key || "No project" };
  if (group === "band" && sort === "rank") return { key, title: BAND_NAMES[key as Group] };
  return page.sections[page.section] ?? null;
}

/** The loaded tasks, each once: one that moved between two pages while they were read stands where it stood first. */
export function loadedTasks(data: Pages): Task[] {
  const known = new Set<number>();
  return data.pages.flatMap((page) => page.items).filter((task) => !known.has(task.id) && known.add(task.id));
}

/**
 * The loaded tasks under their headings. They keep their order; only projects, which the server can't sort by, are
 * put together here, out of what is loaded. `more` says whether anything comes after it.
 */
export function linesOf(data: Pages, group: GroupBy, sort: Sort, more: boolean): Line[] {
  const known = new Set<number>();
  const parts = new Map<string, { heading: Heading | null; tasks: Task[] }>();
  let latest = "";
  for (const page of data.pages)
    for (const task of page.items) {
      if (known.has(task.id)) continue;
      known.add(task.id);
      const heading = headingOf(page, task, group, sort);
      latest = heading?.key ?? "";
      const part = parts.get(latest);
      if (part) part.tasks.push(task);
      else parts.set(latest, { heading, tasks: [task] });
    }
  const lines: Line[] = [];
  let place = 0;
  for (const [key, { heading, tasks }] of parts) {
    const whole = !more || (group !== "project" && key !== latest);
    if (heading) lines.push({ kind: "head", ...heading, tasks: tasks.length, whole });
    for (const task of tasks) lines.push({ kind: "task", task, place: (place += 1) });
  }
  return lines;
}
