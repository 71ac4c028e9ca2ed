import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { queryClient } from "../api/query-client";
import { taskListQuery, taskQuery } from "../api/tasks";
import { act } from "./act";
import { cachedTask, dropTask, putRows, putTask, showList, tasksChanged } from "./cache";
import { knownIds } from "./known";
import { changedPages, type Places } from "./places";
import { acted, forget, json, listed, listen, openTasks, request, taskOf, threeTasks } from "./server.testing";
import { madeHere, noteStep, versionSeen } from "./turns";

const LIST = taskListQuery({}).queryKey;
const pageOf = (...items: ReturnType<typeof openTasks>) => ({ items, next_cursor: null, has_more: false, total: null });
const rows = () => queryClient.getQueryData(LIST)?.pages.flatMap(({ items }) => items) ?? [];

beforeEach(listen);
afterEach(forget);

describe("rows that a list's request brought", () => {
  it("are put where the tasks stand, and nothing moves", () => {
    const [first, second, third] = threeTasks();
    putRows([third, { ...first, assignee: "ben", version: 2 }, taskOf(9_999)]);
    expect(listed()).toEqual([first.id, second.id, third.id]);
    expect(rows()[0]).toMatchObject({ assignee: "ben", version: 2 });
    expect(queryClient.getQueryData(taskQuery(first.id).queryKey)).toBeUndefined(); // nobody has it open
  });

  it("are put in an open task too", () => {
    const [first] = threeTasks();
    queryClient.setQueryData(taskQuery(first.id).queryKey, first);
    putRows([{ ...first, score: 77 }]);
    expect(queryClient.getQueryData(taskQuery(first.id).queryKey)?.score).toBe(77);
  });

  it("that say nothing new leave the list the same object", () => {
    const [first, second] = threeTasks();
    const before = queryClient.getQueryData(LIST);
    putRows([{ ...first }, { ...second }]);
    expect(queryClient.getQueryData(LIST)).toBe(before);
  });

  it("give way to what was told later, to what is done meanwhile, and to what is gone", async () => {
    const [first, second, third] = threeTasks();
    putTask({ ...first, assignee: "ben", version: 3 });
    const done = act(second, { verb: "assign", user: "ana" });
    dropTask(third.id);

    putRows([{ ...first, version: 2 }, { ...second, labels: ["a"], version: 2 }, third]);

    expect(rows()).toMatchObject([
      { id: first.id, assignee: "ben", version: 3 },
      { id: second.id, assignee: "ana", labels: ["a"], version: 2 },
    ]);
    (await request("/assign")).answer(acted({ ...second, assignee: "ana", labels: ["a"], version: 3 }));
    await done;
  });
});

describe("a list that was asked for some time ago", () => {
  it("is shown with its tasks as they are now, and without those that have gone", async () => {
    const [first, second, third] = threeTasks();
    const before = { pages: [pageOf(third, second, first)], pageParams: [""] };
    putRows([{ ...third, assignee: "ben", version: 2 }]);
    const done = act(second, { verb: "complete" });
    (await request("/complete")).answer(acted({ ...second, status: "done", version: 2 }));
    await done;

    showList(LIST, before);

    expect(rows()).toMatchObject([
      { id: third.id, assignee: "ben" },
      { id: first.id, version: 1 },
    ]);
    expect(listed()).toHaveLength(2);
  });
});

describe("a task that was asked for by itself", () => {
  it("is shown in its row as well", async () => {
    const [first] = threeTasks();
    const asked = queryClient.query({ ...taskQuery(first.id), staleTime: 0 });
    (await request(`/tasks/${first.id}`)).answer(json({ ...first, turn: "ours", version: 2 }));
    await asked;
    expect(rows()[0]).toMatchObject({ turn: "ours", version: 2 });
  });

  it("gives way to an act that was answered while it was on its way", async () => {
    const [first] = threeTasks();
    const asked = queryClient.query({ ...taskQuery(first.id), staleTime: 0 });
    const late = await request(`/tasks/${first.id}`);
    putTask({ ...first, assignee: "ana", version: 2 });
    late.answer(json(first));
    await asked;
    expect(cachedTask(first.id)).toMatchObject({ assignee: "ana", version: 2 });
    expect(rows()[0]).toMatchObject({ assignee: "ana", version: 2 });
  });
});

describe("where any task may have changed", () => {
  it("lists keep no more than their beginning", async () => {
    const tasks = openTasks(40);
    await tasksChanged();
    expect(listed()).toEqual(tasks.slice(0, 36).map(({ id }) => id));
  });
});

describe("a page that is open all day", () => {
  it("keeps in mind what went lately, and no more", () => {
    for (let id = 100_000; id < 102_000; id += 1) dropTask(id);
    expect(knownIds().size).toBeLessThan(1_100);
    expect(knownIds()).toContain(101_999);
  });

  it("keeps in mind the latest steps of the latest tasks, and no more", () => {
    for (let version = 1; version <= 100; version += 1) noteStep(1, version, version + 1);
    expect(versionSeen(1, 90)).toBe(101);
    expect(versionSeen(1, 10)).toBe(10);
    for (let id = 2; id < 1_000; id += 1) noteStep(id, 1, 2);
    expect([madeHere(1, 101), madeHere(999, 2)]).toEqual([false, true]);
  });

  it("keeps in mind where tasks stood for as long as they may come back there", () => {
    const places: Places = new Map([[1, { after: null, before: null, at: Date.now() - 61_000 }]]);
    const gone = taskOf(2);
    changedPages([pageOf(gone)], new Map([[2, null]]), () => true, places);
    expect([...places.keys()]).toEqual([2]);
  });
});
