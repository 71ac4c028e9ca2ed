import { vi } from "vitest";
import { queryClient } from "../api/query-client";
import { taskListQuery, type Task, type TaskPage } from "../api/tasks";
import { conflicts, failures } from "./refusals";
import { offers } from "./undo";

/** What was asked of the server, which answers when the test says so. */
export type Sent = {
  method: string;
  path: string;
  ifMatch: string | null;
  key: string | null;
  answer: (response: Response) => void;
};

const LIST = taskListQuery({}).queryKey;
let nextId = 1;
let sent: Sent[] = [];

export const unanswered = () => sent.map(({ method, path }) => `${method} ${path}`);

export const taskOf = (id: number, more: Partial<Task> = {}) =>
  ({ id, title: `task ${id}`, status: "open", labels: [], version: 1, assignee: null, ...more }) as unknown as Task;
export const json = (body: unknown, status = 200) => Response.json(body, { status });
export const acted = (task: Task) => json({ task, undo: { token: `undo-${task.id}-${task.version}`, expires_at: "" } });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** The ids of the list that is on the page. */
export const listed = () =>
  queryClient.getQueryData<{ pages: TaskPage[] }>(LIST)?.pages.flatMap(({ items }) => items.map(({ id }) => id));

const pageOf = (items: Task[]): TaskPage => ({ items, next_cursor: null, has_more: false, total: null });

/** A list of open tasks that is on the page, of so many pages with three tasks each. */
export function openTasks(pages = 1): Task[] {
  const tasks = Array.from({ length: pages * 3 }, () => taskOf(nextId++));
  queryClient.setQueryData(LIST, {
    pages: Array.from({ length: pages }, (_, page) => pageOf(tasks.slice(page * 3, page * 3 + 3))),
    pageParams: Array.from({ length: pages }, (_, page) => (page ? `page ${page}` : "")),
  });
  return tasks;
}

export function threeTasks(): [Task, Task, Task] {
  return openTasks() as [Task, Task, Task];
}

/** The request whose address ends so, once it was made. */
export async function request(path: string): Promise<Sent> {
  await settle();
  const found = sent.find((each) => each.path.endsWith(path));
  if (!found) throw new Error(`${path} was not sent, but ${unanswered().join(", ")}`);
  sent = sent.filter((each) => each !== found);
  return found;
}

export function listen() {
  sent = [];
  vi.stubGlobal("fetch", (input: Request) => {
    const { pathname } = new URL(input.url);
    const { headers, method } = input;
    const [ifMatch, key] = [headers.get("If-Match"), headers.get("Idempotency-Key")];
    return new Promise<Response>((answer) => sent.push({ method, path: pathname, ifMatch, key, answer }));
  });
}

export function forget() {
  conflicts.set([]);
  failures.set([]);
  offers.set([]);
  queryClient.clear();
  vi.unstubAllGlobals();
}
