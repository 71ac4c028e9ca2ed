import { describe, expect, it } from "vitest";
import { changeWords, diffLines, valueWords } from "./changes";

it("A change says what became of what", () =>
  expect(changeWords({ what: "added", section: "rule", id: "large-sums" })).toBe("Added rule large-sums"));

it.each([
  [null, "none"],
  ["two\n lines", "two lines"],
  [30, "30"],
  [true, "true"],
  [["a", 2], "[a, 2]"],
  [{ at: "7d", points: 0 }, "{ at = 7d, points = 0 }"],
])("The value %j is read as %s", (value, words) => expect(valueWords(value)).toBe(words));

describe("A diff line by line", () => {
  const diff = "--- ours 1\n+++ ours 2\n@@ -3,3 +4,3 @@\n same\n-when = 1\n+when = 2\n--- dashes\n \n";

  it("tells added, removed and unchanged lines, and where they stand", () =>
    expect(diffLines(diff)).toEqual([
      { kind: "place", text: "Line 4" },
      { kind: "same", text: "same" },
      { kind: "removed", text: "when = 1" },
      { kind: "added", text: "when = 2" },
      { kind: "removed", text: "-- dashes" },
      { kind: "same", text: "" },
    ]));

  it("is empty where nothing differs", () => expect(diffLines("")).toEqual([]));
});
