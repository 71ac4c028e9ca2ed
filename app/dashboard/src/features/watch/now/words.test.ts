import { describe, expect, it } from "vitest";
import type { Status } from "../queries";
import { breakerWords, statusText, workWords } from "./words";

const NOW = Date.parse("2026-03-02T09:00:00Z");
const JOBS = { runs_here: true, queued: 0, running: 0, oldest_due_s: null, workers: [], warning: null };

describe("what a breaker does", () => {
  it("says when an open one lets a call through", () => {
    const open = { state: "open" as const, failures: 5, retry_at: "2026-03-02T09:00:20Z" };
    expect(breakerWords(open, NOW)).toBe("open: left alone, 5 failures in a row; next try in 20 s");
    expect(breakerWords(open, NOW + 60_000)).toContain("next try any moment");
  });

  it("tells failures of a closed one too, and where nothing was called", () => {
    expect(breakerWords({ state: "closed", failures: 1, retry_at: null }, NOW)).toBe(
      "closed: calls go through, 1 failure in a row",
    );
    expect(breakerWords(null, NOW)).toBe("–");
  });
});

describe("the work beside answering", () => {
  it("is told in one sentence", () => {
    expect(workWords(JOBS)).toBe("Nothing runs, nothing waits.");
    expect(workWords({ ...JOBS, running: 1, queued: 2, oldest_due_s: 720 })).toBe(
      "1 run goes on, 2 wait; what is due longest has waited for 12 min.",
    );
  });
});

describe("the status as text", () => {
  const status: Status = {
    level: "DEGRADED",
    reason: "support mail is behind.",
    since: "2026-03-02T08:50:00Z",
    dependencies: [
      {
        name: "support mail",
        kind: "gmail",
        level: "DEGRADED",
        reason: "The last pull failed.",
        since: "2026-03-02T08:50:00Z",
        breaker: { state: "open", failures: 5, retry_at: null },
      },
    ],
    more: 3,
    jobs: { ...JOBS, warning: "Start a worker." },
    demo: false,
    version: "0.1.0",
  };

  it("holds the level, every part with its reason, and what to do", () => {
    const text = statusText(status, NOW);
    expect(text).toContain("Watchfloor 0.1.0");
    expect(text).toMatch(/DEGRADED since .* support mail is behind\./);
    expect(text).toMatch(/- support mail \(gmail\): DEGRADED since .* The last pull failed\.\n {2}Breaker open/);
    expect(text).toContain("- and 3 more integrations");
    expect(text).toContain("Start a worker.");
  });
});
