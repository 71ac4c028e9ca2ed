import { describe, expect, it } from "vitest";
import type { Integration, Kind } from "@/shared/api/integrations";
import { breakerWords, isUnconnected, knownWords, needsSomebody, nextWords, standingOf } from "./standing";

const NOW = Date.parse("2026-03-02T09:00:00Z");
const AT = "2026-03-02T08:59:00Z";
const GMAIL = { kind: "gmail", title: "Gmail", file_hint: "", live: { service: "Gmail" } } as Kind;
const SLACK = { ...GMAIL, kind: "slack", file_hint: "a Slack export" };

const integration = (given: Partial<Integration>) =>
  ({ live: true, state: "ok", gateway: { user_id: "default" }, items: 3, last_error: null, ...given }) as Integration;
const failed = (cause: string | null, state: Integration["state"] = "failing") =>
  integration({ state, last_error: { category: "api", detail: "…", at: AT, cause } });

describe("the one fix", () => {
  it("is to connect where access is missing or lost", () => {
    expect(standingOf(integration({ gateway: null, state: "new", items: 0 }), GMAIL).fix).toEqual({
      act: "connect",
      label: "Connect…",
    });
    expect(standingOf(integration({ state: "needs_reconnect" }), GMAIL).fix).toMatchObject({ act: "reconnect" });
  });

  it("is to look at what was refused or could not be read, and else to try now", () => {
    expect(standingOf(failed("refused"), GMAIL).fix).toMatchObject({ act: "settings" });
    expect(standingOf(failed("unreadable"), GMAIL).fix).toMatchObject({ act: "unreadable" });
    expect(standingOf(failed("outage", "retrying"), GMAIL).fix).toMatchObject({ act: "sync" });
    expect(standingOf(failed(null), GMAIL).fix).toMatchObject({ act: "sync" });
  });

  it("is to resume what is paused, and nothing where it goes on by itself", () => {
    expect(standingOf(integration({ state: "paused" }), GMAIL).fix).toMatchObject({ act: "resume" });
    expect(standingOf(integration({ state: "rate_limited" }), GMAIL).fix).toEqual({ act: "wait" });
    expect(standingOf(integration({}), GMAIL).fix).toBeNull();
  });
});

describe("what has no account", () => {
  it("is what only lives on one; an export that was imported needs none", () => {
    expect(isUnconnected({ gateway: null, items: 5 }, GMAIL)).toBe(true);
    expect(isUnconnected({ gateway: null, items: 0 }, SLACK)).toBe(true);
    expect(isUnconnected({ gateway: null, items: 5 }, SLACK)).toBe(false);
  });
});

describe("what needs somebody", () => {
  it("is what does not go on by itself", () => {
    expect(needsSomebody(integration({ state: "needs_reconnect" }), GMAIL)).toBe(true);
    expect(needsSomebody(failed("outage"), GMAIL)).toBe(true);
    expect(needsSomebody(failed("outage", "retrying"), GMAIL)).toBe(false);
    expect(needsSomebody(integration({ state: "paused" }), GMAIL)).toBe(false);
  });
});

describe("times", () => {
  it("say how old what is known is, and go on while nobody asks", () => {
    expect(knownWords({ cursor_age_s: 30, live: true }, NOW, NOW)).toBe("known up to just now");
    expect(knownWords({ cursor_age_s: 30, live: true }, NOW, NOW + 60_000)).toBe("known up to 1 min ago");
    expect(knownWords({ cursor_age_s: 7200, live: false }, NOW, NOW)).toBe("as of 2 h ago");
    expect(knownWords({ cursor_age_s: null, live: true }, NOW, NOW)).toBe("nothing known yet");
  });

  it("say when it is tried next", () => {
    expect(nextWords("2026-03-02T09:00:12Z", NOW)).toBe("next in 12 s");
    expect(nextWords(AT, NOW)).toBe("next any moment");
    expect(nextWords(null, NOW)).toBeNull();
  });

  it("say that a breaker holds requests back, and until when", () => {
    expect(breakerWords({ state: "closed", failures: 0, retry_at: null }, NOW)).toBeNull();
    expect(breakerWords({ state: "open", failures: 3, retry_at: "2026-03-02T09:00:30Z" }, NOW)).toBe(
      "Its service failed 3 times in a row and is left alone; the next try is in 30 s.",
    );
    expect(breakerWords({ state: "half_open", failures: 3, retry_at: null }, NOW)).toContain("One request");
  });
});
