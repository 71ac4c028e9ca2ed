import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forget, json, listed, listen, request, threeTasks } from "../acting/server.testing";
import { whenRefused } from "../api/client";
import { keepFresh } from "./keep-fresh";
import { FakeSource, fakeStreams, lastOpened } from "./streams.testing";

let source: FakeSource;
const leave = vi.fn();

beforeAll(() => {
  fakeStreams({ tabs: false });
  keepFresh();
  source = lastOpened();
  source.onopen();
});
beforeEach(() => {
  vi.stubGlobal("EventSource", FakeSource);
  leave.mockClear();
  whenRefused(leave, () => Promise.resolve());
});
afterEach(forget);

describe("a stream that is refused", () => {
  it("leads away whoever is not signed in any more", async () => {
    listen();

    source.break();
    (await request("/auth/me")).answer(json({ title: "Sign in" }, 401));

    await vi.waitFor(() => expect(leave).toHaveBeenCalled());
  });

  it("leaves everything as it is where the server is away", async () => {
    const tasks = threeTasks();
    listen();

    source.break();
    (await request("/auth/me")).answer(json({ title: "Away" }, 503));
    await new Promise((passed) => setTimeout(passed, 20));

    expect(leave).not.toHaveBeenCalled();
    expect(listed()).toEqual(tasks.map(({ id }) => id));
  });
});
