import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveStream, type LiveEvent } from "./stream";
import { FakeSource, fakeStreams, lastOpened } from "./streams.testing";

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const CHANGED = { task: 1, version: 2 };

let tabs: LiveStream[] = [];

async function tab(): Promise<{ stream: LiveStream; heard: LiveEvent[] }> {
  const stream = new LiveStream();
  const heard: LiveEvent[] = [];
  tabs.push(stream);
  stream.onEvent((event) => heard.push(event));
  stream.start();
  await settle();
  return { stream, heard };
}

beforeEach(() => fakeStreams({ tabs: true }));
afterEach(() => {
  for (const each of tabs) each.stop();
  tabs = [];
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("tabs of one browser", () => {
  it("hear by one stream, and know how it stands", async () => {
    await tab();
    lastOpened().onopen();
    const second = await tab();

    lastOpened().say("task.changed", CHANGED, "7");

    expect(FakeSource.opened).toHaveLength(1);
    expect(second.heard).toEqual([{ type: "task.changed", data: CHANGED }]);
    expect(second.stream.current()).toBe("live");
  });

  it("go on where the one that listened has stopped", async () => {
    const first = await tab();
    const second = await tab();
    lastOpened().say("task.changed", CHANGED, "7");

    first.stream.stop();
    await settle();
    lastOpened().say("task.changed", { ...CHANGED, version: 3 }, "8");

    expect(FakeSource.opened.map(({ address }) => address)).toEqual(["/api/v1/events", "/api/v1/events?after=7"]);
    expect(second.heard).toHaveLength(2);
  });

  it("go on behind its beginning where nothing had happened, also those that came later", async () => {
    const first = await tab();
    lastOpened().say("connected", {}, "41");
    await tab();

    first.stream.stop();
    await settle();

    expect(lastOpened().address).toBe("/api/v1/events?after=41");
  });

  it("hear no more from the one that listened before", async () => {
    await tab();
    const second = await tab();
    lastOpened().say("task.changed", CHANGED, "7");
    tabs[0]?.stop();
    await settle();

    new BroadcastChannel("watchfloor.events").postMessage({
      kind: "event",
      event: { type: "reset", data: {} },
      last: "6",
    });

    expect(second.heard).toHaveLength(1);
  });
});

describe("a page that listens for itself", () => {
  it("asks again behind what it heard last, once the browser has given up", async () => {
    fakeStreams({ tabs: false });
    const { stream } = await tab();
    vi.useFakeTimers();
    lastOpened().say("connected", {}, "41");

    lastOpened().break();
    vi.advanceTimersByTime(3_000);

    expect(stream.current()).toBe("reconnecting");
    expect(lastOpened().address).toBe("/api/v1/events?after=41");
  });

  it("listens once, however often somebody signs in on it", async () => {
    fakeStreams({ tabs: false });
    const { stream } = await tab();

    stream.start();

    expect(FakeSource.opened).toHaveLength(1);
  });
});
