import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { act } from "./act";
import { conflicts, failures } from "./refusals";
import { acted, forget, json, listed, listen, request, threeTasks, unanswered } from "./server.testing";
import { offers, undoLast } from "./undo";

beforeEach(listen);
afterEach(forget);

describe("an act", () => {
  it("is shown before the server has answered, and can then be undone", async () => {
    const [first, second, third] = threeTasks();
    const done = act(second, { verb: "complete" });
    expect(listed()).toEqual([first.id, third.id]);
    (await request("/complete")).answer(acted({ ...second, status: "done", version: 2 }));
    await done;
    expect(offers.get()).toHaveLength(1);
  });

  it("that is refused comes back where it stood, and leaves what else was done meanwhile", async () => {
    const [first, second, third] = threeTasks();
    const refused = act(second, { verb: "complete" });
    const done = act(first, { verb: "complete" });
    expect(listed()).toEqual([third.id]);
    (await request(`/${first.id}/complete`)).answer(acted({ ...first, status: "done", version: 2 }));
    await done;
    (await request(`/${second.id}/complete`)).answer(json({ title: "No", detail: "No.", status: 403 }, 403));
    expect(await refused).toBeNull();
    expect(listed()).toEqual([second.id, third.id]);
    expect(failures.get()).toHaveLength(1);
  });

  it("waits for the one before on the same task, and carries the version that one was answered with", async () => {
    const [task] = threeTasks();
    void act(task, { verb: "edit", changes: { labels: ["a"] } });
    const second = act(task, { verb: "complete" });
    const edit = await request(`/tasks/${task.id}`);
    expect(unanswered()).toEqual([]);
    edit.answer(acted({ ...task, labels: ["a"], version: 2 }));
    const complete = await request("/complete");
    expect([edit.ifMatch, complete.ifMatch]).toEqual(['"1"', '"2"']);
    complete.answer(acted({ ...task, status: "done", version: 3 }));
    expect((await second)?.version).toBe(3);
  });

  it("on what somebody else changed asks what is to be done, and shows what it is now", async () => {
    const [task] = threeTasks();
    const refused = act(task, { verb: "complete" });
    (await request("/complete")).answer(json({ status: 412 }, 412));
    (await request(`/tasks/${task.id}`)).answer(json({ ...task, assignee: "ben", version: 2 }));
    expect(await refused).toBeNull();
    expect(conflicts.get()).toMatchObject([{ before: { version: 1 }, now: { assignee: "ben", version: 2 } }]);
  });

  it("that is undone stands where it stood at once; where it can't be undone, that is said", async () => {
    const [first, second, third] = threeTasks();
    const done = act(second, { verb: "complete" });
    (await request("/complete")).answer(acted({ ...second, status: "done", version: 2 }));
    await done;
    const undone = undoLast();
    expect(listed()).toEqual([first.id, second.id, third.id]);
    (await request(`/undo/undo-${second.id}-2`)).answer(json({ status: 409, title: "No", detail: "Changed." }, 409));
    await undone;
    expect(listed()).toEqual([first.id, third.id]);
    expect(failures.get()[0]?.title).toContain("Not undone");
  });

  it("that is undone is asked for by itself, and no list is", async () => {
    const [first, second, third] = threeTasks();
    const done = act(second, { verb: "complete" });
    (await request("/complete")).answer(acted({ ...second, status: "done", version: 2 }));
    await done;
    const undone = undoLast();
    (await request(`/undo/undo-${second.id}-2`)).answer(json({ undone: [second.id] }));
    (await request(`/tasks/${second.id}`)).answer(json({ ...second, version: 3 }));
    await undone;
    expect(listed()).toEqual([first.id, second.id, third.id]);
    expect(unanswered()).toEqual([]);
  });
});
