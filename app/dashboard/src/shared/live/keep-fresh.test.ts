import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { act } from "../acting/act";
import {
  acted,
  forget,
  json,
  listen,
  listed,
  openTasks,
  request,
  threeTasks,
  unanswered,
} from "../acting/server.testing";
import { queryClient } from "../api/query-client";
import { aboutTask, taskListQuery, type Task } from "../api/tasks";
import { keepFresh } from "./keep-fresh";
import { lookAtList, lookAway, open, rows, Tasks } from "./server.testing";
import { FakeSource, fakeStreams, lastOpened } from "./streams.testing";

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** The list is one page, and somebody looks at it. */
function lookAtOnePage(items: Task[]) {
  const page = { items, next_cursor: null, has_more: false, total: null };
  queryClient.setQueryData(taskListQuery({}).queryKey, { pages: [page], pageParams: [""] });
  lookAtList();
}
const assignees = () => new Set(rows().map(({ assignee }) => assignee));

let source: FakeSource;
let stop: () => void;

const told = (type: string, data: Record<string, unknown>) => source.say(type, data, "1");

beforeAll(() => {
  fakeStreams({ tabs: false });
  keepFresh()();
  source = lastOpened();
  source.onopen();
});
beforeEach(() => {
  vi.stubGlobal("EventSource", FakeSource);
  stop = keepFresh();
});
afterEach(() => {
  stop();
  lookAway();
  forget();
  vi.restoreAllMocks();
});

describe("a task that somebody else changed", () => {
  it("is asked for and shown in its row, and nothing moves", async () => {
    const tasks = threeTasks();
    const [first] = tasks;
    const server = new Tasks(tasks);
    server.change([first.id], { assignee: "ben", version: 2 });

    told("task.changed", { task: first.id, version: 2, verb: "assign" });

    await vi.waitFor(() => expect(rows()[0]?.assignee).toBe("ben"));
    expect(server.asked).toEqual([`/tasks/${first.id}`]);
    expect(listed()).toEqual(tasks.map(({ id }) => id));
  });

  it("is asked for again where a later change was told while the answer was on its way", async () => {
    const [first] = threeTasks();
    const server = new Tasks([{ ...first, version: 2 }]);
    let answer: () => void = () => undefined;
    server.answering = new Promise((resolve) => (answer = resolve));
    told("task.changed", { task: first.id, version: 2, verb: "assign" });
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));

    server.change([first.id], { assignee: "ben", version: 3 });
    told("task.changed", { task: first.id, version: 3, verb: "assign" });
    answer();

    await vi.waitFor(() => expect(rows()[0]).toMatchObject({ assignee: "ben", version: 3 }));
  });

  it("is asked for again where the answer was asked for before it was told", async () => {
    const [first] = threeTasks();
    const server = new Tasks([first]);
    let answer: () => void = () => undefined;
    server.answering = new Promise((resolve) => (answer = resolve));
    open(first.id);
    void queryClient.invalidateQueries({ queryKey: ["tasks", "one"] });
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));

    server.change([first.id], { assignee: "ben", version: 2 });
    told("task.changed", { task: first.id, version: 2, verb: "assign" });
    await pass(50);
    answer();

    await vi.waitFor(() => expect(rows()[0]?.assignee).toBe("ben"));
  });

  it("and is gone leaves the list; where it is open, that is said", async () => {
    const tasks = threeTasks();
    const [first] = tasks;
    const server = new Tasks(tasks);
    const panel = open(first.id);
    await vi.waitFor(() => expect(panel.getCurrentResult().data).toBeDefined());
    server.delete(first.id);

    told("task.changed", { task: first.id, version: 2, verb: "delete" });

    await vi.waitFor(() => expect(listed()).toEqual(tasks.slice(1).map(({ id }) => id)));
    await vi.waitFor(() => expect(panel.getCurrentResult()).toMatchObject({ data: undefined, error: { status: 404 } }));
  });

  it("and that nobody sees is not asked for", async () => {
    const server = new Tasks(threeTasks());
    told("task.changed", { task: 99_999, version: 2, verb: "assign" });
    await pass(100);
    expect(server.asked).toEqual([]);
  });
});

describe("what was done from here", () => {
  it("is no news: neither the task nor a number is asked for again", async () => {
    listen();
    const [first] = threeTasks();
    const done = act(first, { verb: "assign", user: "ana" });
    const sent = await request("/assign");
    told("task.changed", { task: first.id, version: 2, verb: "assign" });
    sent.answer(acted({ ...first, assignee: "ana", version: 2 }));
    await done;
    const counted = vi.spyOn(queryClient, "invalidateQueries");

    await pass(250);

    expect(unanswered()).toEqual([]);
    expect(counted).not.toHaveBeenCalledWith({ queryKey: ["tasks", "counts"] });
  });

  it("hides nothing that somebody else did after it", async () => {
    listen();
    const [first] = threeTasks();
    const done = act(first, { verb: "assign", user: "ana" });
    const sent = await request("/assign");
    told("task.changed", { task: first.id, version: 2, verb: "assign" });
    told("task.changed", { task: first.id, version: 3, verb: "edit" });
    sent.answer(acted({ ...first, assignee: "ana", version: 2 }));
    await done;
    await pass(50);

    (await request(`/tasks/${first.id}`)).answer(json({ ...first, assignee: "ana", labels: ["a"], version: 3 }));

    await vi.waitFor(() => expect(rows()[0]).toMatchObject({ labels: ["a"], version: 3 }));
  });
});

describe("what many tasks went through at once", () => {
  it("is asked for by the page that holds them, in one request", async () => {
    const tasks = openTasks(4);
    const server = new Tasks(tasks);
    lookAtOnePage(tasks);
    const ids = tasks.map(({ id }) => id);
    server.change(ids, { assignee: "ben", version: 2 });

    told("queue.changed", { changed: 12, ids, verb: "assign", actor: "ben@x.example" });

    await vi.waitFor(() => expect(assignees()).toEqual(new Set(["ben"])));
    expect(server.asked).toEqual(["/tasks"]);
    expect(listed()).toEqual(ids);
  });

  it("is asked for one by one where the page no longer holds them", async () => {
    const tasks = openTasks(4);
    const server = new Tasks(tasks);
    lookAtOnePage(tasks);
    const ids = tasks.slice(1).map(({ id }) => id);
    server.change(ids, { status: "done", version: 2 });

    told("queue.changed", { changed: 11, ids, verb: "complete" });

    await vi.waitFor(() => expect(listed()).toEqual([tasks[0]?.id]));
    expect(server.asked).toHaveLength(12);
  });

  it("renews what is known about an open task where nobody says which they are", async () => {
    const [first, second] = threeTasks();
    const server = new Tasks([first, second]);
    const panel = open(first.id);
    await vi.waitFor(() => expect(panel.getCurrentResult().data).toBeDefined());
    for (const { id } of [first, second]) queryClient.setQueryData([...aboutTask(id), "items"], []);
    server.change([first.id], { turn: "ours" });

    told("queue.changed", { changed: 3, integration: 1, name: "mail" });

    await vi.waitFor(() => expect(panel.getCurrentResult().data?.turn).toBe("ours"));
    expect(rows()[0]?.turn).toBe("ours"); // in its row too
    expect(queryClient.getQueryState([...aboutTask(first.id), "items"])?.isInvalidated).toBe(true);
    expect(queryClient.getQueryState([...aboutTask(second.id), "items"])?.isInvalidated).toBe(true);
  });

  it("the clock's new scores are shown, though the version is the same", async () => {
    const [first] = threeTasks();
    const server = new Tasks([first]);
    server.change([first.id], { score: 77 });

    told("queue.changed", { changed: 1, ids: [first.id], actor: "clock" });

    await vi.waitFor(() => expect(rows()[0]?.score).toBe(77));
  });
});

describe("a page that nobody looks at", () => {
  it("asks for nothing, and for all of it once somebody comes back", async () => {
    const tasks = threeTasks();
    const server = new Tasks(tasks);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    server.change([tasks[0].id], { assignee: "ben", version: 2 });
    told("task.changed", { task: tasks[0].id, version: 2, verb: "assign" });
    await pass(100);
    expect(server.asked).toEqual([]);

    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));

    await vi.waitFor(() => expect(rows()[0]?.assignee).toBe("ben"));
  });
});

describe("after a break", () => {
  it("an open task is asked for again", async () => {
    const [first] = threeTasks();
    const server = new Tasks([first]);
    const panel = open(first.id);
    await vi.waitFor(() => expect(panel.getCurrentResult().data).toBeDefined());
    server.change([first.id], { assignee: "ben", version: 2 });

    source.onerror();
    source.onopen();

    await vi.waitFor(() => expect(rows()[0]?.assignee).toBe("ben"));
    expect(panel.getCurrentResult().data?.assignee).toBe("ben");
  });

  it("that was too long, of a long list only the beginning is asked for", async () => {
    const tasks = openTasks(40);
    told("reset", { reason: "Too long." });
    await vi.waitFor(() => expect(listed()).toEqual(tasks.slice(0, 36).map(({ id }) => id)));
  });
});
