import { InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { vi } from "vitest";
import { json } from "../acting/server.testing";
import { queryClient } from "../api/query-client";
import { taskListQuery, taskQuery, type Task } from "../api/tasks";

let seen: (() => void)[] = [];

/** A server that has these tasks, and answers at once; `asked` says what for. */
export class Tasks {
  readonly asked: string[] = [];
  /** Answers wait for it. */
  answering: Promise<void> = Promise.resolve();
  private readonly tasks: Map<number, Task>;

  constructor(tasks: readonly Task[]) {
    this.tasks = new Map(tasks.map((task) => [task.id, task]));
    vi.stubGlobal("fetch", (input: Request) => this.answer(new URL(input.url)));
  }

  /** Somebody else changes tasks. */
  change(ids: readonly number[], changes: Partial<Task>) {
    for (const id of ids) {
      const task = this.tasks.get(id);
      if (task) this.tasks.set(id, { ...task, ...changes });
    }
  }

  delete(id: number) {
    this.tasks.delete(id);
  }

  private async answer({ pathname }: URL) {
    this.asked.push(pathname.replace("/api/v1", ""));
    const one = this.tasks.get(Number(pathname.split("/").at(-1)));
    const items = [...this.tasks.values()].filter(({ status }) => status === "open");
    const list = { items, next_cursor: null, has_more: false, total: null };
    await this.answering;
    if (pathname.endsWith("/tasks")) return json(list);
    return one ? json(one) : json({ title: "No", detail: "No.", status: 404 }, 404);
  }
}

/** Somebody looks at the list. */
export function lookAtList() {
  seen.push(new InfiniteQueryObserver(queryClient, taskListQuery({})).subscribe(() => undefined));
}

/** Somebody has a task open. */
export function open(id: number) {
  const observer = new QueryObserver(queryClient, taskQuery(id));
  seen.push(observer.subscribe(() => undefined));
  return observer;
}

export function lookAway() {
  for (const stop of seen) stop();
  seen = [];
}

/** The tasks of the list as they are shown. */
export const rows = (): Task[] =>
  queryClient.getQueryData(taskListQuery({}).queryKey)?.pages.flatMap(({ items }) => items) ?? [];
