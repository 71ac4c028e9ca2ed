import { casual } from "chrono-node";
import { describe, expect, it } from "vitest";
import { duePresets, snoozePresets, understand } from "./moments";

const NOW = new Date(2026, 10, 28, 14); // a Saturday
const understood = (text: string) => {
  const found = understand((...given) => casual.parse(...given), text, NOW, 9);
  return found && ("at" in found ? found.at : found.problem);
};

describe("a time in words", () => {
  it.each([
    ["tomorrow 9", new Date(2026, 10, 29, 9)],
    ["tomorrow at 9", new Date(2026, 10, 29, 9)],
    ["in 2 h", new Date(2026, 10, 28, 16)],
    ["fri 14:30", new Date(2026, 11, 4, 14, 30)],
    ["15 jan", new Date(2027, 0, 15, 9)],
    ["jan 15", new Date(2027, 0, 15, 9)],
    ["2026-12-24", new Date(2026, 11, 24, 9)],
    ["monday", new Date(2026, 10, 30, 9)],
    ["tue 16", new Date(2026, 11, 1, 16)],
    ["17", new Date(2026, 10, 28, 17)],
  ])("«%s» is understood", (text, at) => expect(understood(text)).toEqual(at));

  it("that has passed is refused, and said when it was", () =>
    expect(understood("yesterday 10:00")).toBe("That has passed: Fri, 27 Nov 2026, 10:00."));

  it("that is none is told how to write one", () => expect(understood("xyzzy")).toContain("Try «tomorrow 9»"));

  it("is nothing yet where nothing is written", () => expect(understood("  ")).toBeNull());
});

describe("presets", () => {
  it("are in the future", () => {
    const late = new Date(2026, 10, 28, 18);
    expect(snoozePresets(late).map(({ id }) => id)).toEqual(["tomorrow", "monday", "week"]);
    expect(duePresets(NOW)[0]?.at).toEqual(new Date(2026, 10, 28, 17));
  });

  it("mean the next Monday, never today", () => {
    const monday = new Date(2026, 10, 30, 8);
    expect(snoozePresets(monday).find(({ id }) => id === "monday")?.at).toEqual(new Date(2026, 11, 7, 9));
  });
});
