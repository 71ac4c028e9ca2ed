import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actOnMany } from "./bulk";
import { refetchLists } from "./cache";
import { failures } from "./refusals";
import { forget, json, listed, listen, openTasks, request, threeTasks, unanswered } from "./server.testing";
import { offers } from "./undo";

const UNDO = { token: "undo-many", expires_at: "" };

beforeEach(listen);
afterEach(forget);

describe("an act on many", () => {
  it("is shown at once, and undone as one", async () => {
    const [first, second, third] = threeTasks();
    const done = actOnMany({ tasks: [first, third] }, { verb: "complete" });
    expect(listed()).toEqual([second.id]);
    (await request("/tasks/bulk")).answer(json({ matched: 2, changed: 2, skipped: 0, skipped_why: [], undo: UNDO }));
    expect(await done).toBe(true);
    expect(offers.get()).toMatchObject([{ sentence: "Completed 2 tasks", tokens: ["undo-many"] }]);
  });

  it("leaves out what the server skipped, and says how many", async () => {
    const [first, second] = threeTasks();
    const done = actOnMany({ tasks: [first, second] }, { verb: "complete" });
    const skipped_why = [{ id: second.id, why: "It is done." }];
    (await request("/tasks/bulk")).answer(json({ matched: 2, changed: 1, skipped: 1, skipped_why, undo: UNDO }));
    await done;
    expect(offers.get()).toMatchObject([
      { sentence: "Completed 1 task, skipped 1 other", before: [expect.objectContaining({ id: first.id })] },
    ]);
  });

  it("that is refused shows all of them again, and may be tried again with another key", async () => {
    const [first, second, third] = threeTasks();
    const refused = actOnMany({ tasks: [first, second] }, { verb: "complete" });
    const asked = await request("/tasks/bulk");
    asked.answer(json({ title: "No", detail: "No.", status: 403 }, 403));
    expect(await refused).toBe(false);
    expect(listed()).toEqual([first.id, second.id, third.id]);
    failures.get()[0]?.retry?.();
    expect((await request("/tasks/bulk")).key).not.toBe(asked.key);
  });
});

describe("lists that ask again", () => {
  it("keep no more than their beginning: what is further down follows as somebody scrolls", async () => {
    const tasks = openTasks(40);
    await refetchLists();
    expect(listed()).toEqual(tasks.slice(0, 36).map(({ id }) => id));
    expect(unanswered()).toEqual([]);
  });
});
