import { describe, expect, it } from "vitest";
import { readWords, runsWords, seconds, shareOf } from "./pace";

describe("how pulls went, in words", () => {
  it("names what failed and was refused only where something was", () => {
    expect(runsWords({ runs: 120, failed: 3 })).toBe("120 runs, 3 failed");
    expect(runsWords({ runs: 1, failed: 0 })).toBe("1 run");
    expect(runsWords({ runs: 0, failed: 0 })).toBe("no run ended");
    expect(readWords({ read: 2318, refused: 4 })).toBe("2,318 items, 4 refused");
  });

  it("tells short times exactly and long ones roughly", () => {
    expect(seconds(0.42)).toBe("0.4 s");
    expect(seconds(42.4)).toBe("42 s");
    expect(seconds(600)).toBe("10 min");
    expect(seconds(null)).toBe("–");
  });
});

describe("the bars", () => {
  it("are as long as their share of the longest", () => {
    expect(shareOf(50, 10, 100)).toEqual({ whole: 50, bad: 10 });
    expect(shareOf(0, 0, 100)).toEqual({ whole: 0, bad: 0 });
  });

  it("show also what is very little, and never more of it than there is", () => {
    expect(shareOf(1000, 1, 1000)).toEqual({ whole: 100, bad: 2 });
    expect(shareOf(1, 1, 1000)).toEqual({ whole: 2, bad: 2 });
    expect(shareOf(0, 0, 0)).toEqual({ whole: 0, bad: 0 });
  });
});
