import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { noteStep } from "@/shared/acting/turns";
import { queryClient } from "@/shared/api/query-client";
import type { Task } from "@/shared/api/tasks";
import { liveStream } from "@/shared/live/stream";
import type { FakeSource } from "@/shared/live/streams.testing";
import { fakeStreams, lastOpened } from "@/shared/live/streams.testing";
import { choiceOf } from "./choice";
import { queueQuery, type Loaded } from "./queries";
import { useMoved } from "./use-moved";

const CHOICE = choiceOf({ group: "none" });
const QUERY = queueQuery(CHOICE);
const BEGINNING = { section: 0, cursor: "", sections: null };

let nextId = 1;
let server: Task[] = [];
let asked = 0;
let source: FakeSource;

const taskOf = (more: Partial<Task> = {}) =>
  ({ id: nextId++, title: "", status: "open", labels: [], version: 1, created_at: "2026-01-01", ...more }) as Task;
const page = (items: Task[]) => ({ items, next_cursor: null, has_more: false, total: null });
const shown = () => queryClient.getQueryData<Loaded>(QUERY.queryKey)?.pages.flatMap(({ items }) => items) ?? [];
const told = (type: string, data: Record<string, unknown> = {}) => source.say(type, data, "1");
const answer = () => {
  asked += 1;
  return Promise.resolve(Response.json(page(server)));
};
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

/** The queue shows these tasks, and the server has them so. Nobody has touched anything for a moment. */
async function watching(tasks: Task[], calm = true) {
  server = tasks;
  const first = { ...page(tasks), section: 0, sections: [{ key: "", label: "", filter: {} }], heads: {} };
  queryClient.setQueryData(QUERY.queryKey, { pages: [first], pageParams: [BEGINNING] } as unknown as Loaded);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(
    () =>
      useMoved(
        CHOICE,
        () => calm,
        () => undefined,
      ),
    { wrapper },
  );
  await pass(2_000);
  asked = 0;
  return result;
}

beforeAll(() => {
  fakeStreams({ tabs: false });
  liveStream.start();
  source = lastOpened();
});
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("what happened on the server", () => {
  it("is shown in the rows where the order holds", async () => {
    const tasks = [taskOf(), taskOf()];
    const result = await watching(tasks);
    server = tasks.map((task) => ({ ...task, assignee: "ben", version: 2 }));

    told("queue.changed", { changed: 300 });
    await pass(1_000);

    expect(shown().map(({ assignee }) => assignee)).toEqual(["ben", "ben"]);
    expect(result.current.moved).toBeNull();
  });

  it("is shown in the rows where they stand; the order is told, and shown when somebody says so", async () => {
    const [first, second] = [taskOf(), taskOf()];
    const result = await watching([first, second]);
    server = [{ ...second, assignee: "ben", version: 2 }, first];

    told("task.changed", { task: second.id, version: 2, verb: "edit" });
    await pass(1_000);
    expect(shown()).toMatchObject([{ id: first.id }, { id: second.id, assignee: "ben" }]);
    expect(result.current.moved).toEqual({ moved: 1, fresh: 0, gone: 0 });

    act(() => result.current.show());
    expect(shown()).toMatchObject([{ id: second.id, assignee: "ben" }, { id: first.id }]);
    expect(result.current.moved).toBeNull();
  });

  it("is looked at once for all that happens together, and less often while it pours in", async () => {
    await watching([taskOf(), taskOf()]);
    for (let events = 0; events < 100; events += 1) {
      told("queue.changed", { changed: 300 });
      await pass(100);
    }
    expect(asked).toBeLessThan(6);
  });

  it("is told as new for as long as it is not shown, whatever becomes of the rows meanwhile", async () => {
    const first = taskOf();
    const result = await watching([first]);
    server = [taskOf({ created_at: new Date().toISOString() }), { ...first, assignee: "ben", version: 2 }];

    for (let looks = 0; looks < 2; looks += 1) {
      told("queue.changed", { changed: 300 });
      await pass(3_000);
      expect(shown()).toMatchObject([{ assignee: "ben" }]);
      expect(result.current.moved).toEqual({ moved: 0, fresh: 1, gone: 0 });
    }
  });

  it("is looked at again where the list itself was on its way", async () => {
    const [first, second] = [taskOf(), taskOf()];
    const result = await watching([first, second]);
    let arrive: () => void = () => undefined;
    const before = Response.json(page([first, second]));
    vi.stubGlobal("fetch", () => new Promise((resolve) => (arrive = () => resolve(before))));
    const reloading = queryClient.infiniteQuery({ ...QUERY, staleTime: 0 });
    await pass(0);
    vi.stubGlobal("fetch", answer);
    server = [second, first];
    told("queue.changed", { changed: 300 });
    await pass(600);
    expect(result.current.moved).toBeNull();

    arrive();
    await reloading;
    await pass(3_000);

    expect(result.current.moved).toMatchObject({ moved: 1 });
  });

  it("is not looked at for what was done from here and has left the list", async () => {
    const [first, second] = [taskOf(), taskOf()];
    await watching([first, second]);
    noteStep(first.id, 1, 2);
    told("task.changed", { task: first.id, version: 2, verb: "complete" });
    await pass(1_000);
    expect(asked).toBe(0);

    told("task.changed", { task: first.id, version: 2, verb: "edit" }); // it may stand elsewhere
    await pass(1_000);
    expect(asked).toBe(1);
  });
});

describe("a page that nobody looks at", () => {
  const look = (hidden: boolean) => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
    document.dispatchEvent(new Event("visibilitychange"));
  };

  it.each([
    ["shows the order of now to whoever comes back", true, [1, 0]],
    ["keeps its order where they were in the midst of something", false, [0, 1]],
  ])("asks for nothing, and %s", async (_, calm, order) => {
    const tasks = [taskOf(), taskOf()];
    const ids = tasks.map(({ id }) => id);
    await watching(tasks, calm);
    look(true);
    server = tasks.toReversed();
    told("queue.changed", { changed: 300 });
    await pass(20_000);
    expect(asked).toBe(0);

    look(false);
    await pass(1_000);

    expect(shown().map(({ id }) => id)).toEqual(order.map((place) => ids[place]));
  });
});
