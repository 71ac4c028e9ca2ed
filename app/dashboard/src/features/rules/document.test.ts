import { expect, it } from "vitest";
import { matches, readDocument } from "./document";

it("A ruleset is read from its document; what is no part of one is left out", () => {
  const text = readDocument({
    name: "ours",
    bands: { now: 70, next: 40, later: 15 },
    groups: { wording: { title: "Words", cap: 45 } },
    rules: [
      { id: "urgent", title: "Says urgent", group: "wording", when: "says_urgent", points: 30, say: "Urgent" },
      {
        id: "due",
        curve: {
          hours_to: "due_at",
          points: [
            { at: "7d", points: 0 },
            { at: 24, points: 30 },
          ],
        },
      },
      "nonsense",
    ],
    overrides: [{ id: "parked", title: "Parked", when: "'parked' in labels", tier: "held", say: "Parked" }],
    inherit: { share: 0.2, cap: 20, at_least: true, without: ["blocked"] },
  });

  expect(text.rules.map(({ id }) => id)).toEqual(["urgent", "due"]);
  expect(text.rules[1]?.curve?.points[1]).toEqual({ at: "24", points: 30, say: null });
  expect(text.groups).toEqual([{ id: "wording", title: "Words", cap: 45, floor: null }]);
  expect(text.overrides[0]?.effect).toBe("holds the task back behind all others");
  expect(text.bands.map(({ from }) => from)).toEqual([70, 40, 15]);
  expect(text.inherit).toEqual({ share: 0.2, cap: 20, atLeast: true, without: ["blocked"] });
});

it("An empty document is an empty ruleset", () => expect(readDocument({}).rules).toEqual([]));

it("A rule is found by any of its words", () => {
  const [rule] = readDocument({ rules: [{ id: "due", title: "Deadline", curve: { hours_to: "due_at" } }] }).rules;

  expect(rule && matches(rule, "deadline DUE_AT")).toBe(true);
  expect(rule && matches(rule, "money")).toBe(false);
});
