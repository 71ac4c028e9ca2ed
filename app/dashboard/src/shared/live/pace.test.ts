import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "./pace";

const TIMES = { soon: 100, least: 1_000, most: 4_000 };
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

let ran: number[] = [];
let pace: Pace;
let began = 0;

const hide = (hidden: boolean) => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  [ran, began] = [[], Date.now()];
  pace = new Pace(() => ran.push(Date.now() - began), TIMES);
});
afterEach(() => {
  pace.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a pace", () => {
  it("runs once for what happens together, and soon", async () => {
    for (let calls = 0; calls < 20; calls += 1) pace.ask();
    await pass(10_000);
    expect(ran).toEqual([100]);
  });

  it("runs less and less often while calls pour in, and soon again after a rest", async () => {
    for (let calls = 0; calls < 200; calls += 1) {
      pace.ask();
      await pass(100);
    }
    expect(ran).toEqual([100, 1_100, 3_100, 7_100, 11_100, 15_100, 19_100]);

    await pass(20_000);
    ran = [];
    pace.ask();
    await pass(100);
    expect(ran).toHaveLength(1);
  });

  it("does not slow down for calls that come now and then", async () => {
    for (let calls = 0; calls < 5; calls += 1) {
      pace.ask();
      await pass(2_000);
    }
    expect(ran).toEqual([100, 2_100, 4_100, 6_100, 8_100]);
  });

  it("rests while nobody looks, and catches up with one run", async () => {
    pace.ask();
    hide(true);
    pace.ask();
    await pass(60_000);
    expect(ran).toEqual([]);

    hide(false);
    await pass(100);
    expect(ran).toEqual([60_100]);
    hide(true);
    hide(false);
    await pass(60_000);
    expect(ran).toHaveLength(1);
  });

  it("begins no run before the last one has ended, and runs once more for what came meanwhile", async () => {
    let end: () => void = () => undefined;
    const runs: number[] = [];
    const slow = new Pace(() => {
      runs.push(Date.now() - began);
      return new Promise<void>((resolve) => (end = resolve));
    }, TIMES);
    slow.ask();
    await pass(100);
    slow.ask();
    await pass(5_000);
    expect(runs).toHaveLength(1);

    end();
    await pass(1_000);
    expect(runs).toHaveLength(2);
    slow.stop();
  });
});
