import { describe, expect, it } from "vitest";
import { byNeed, needsALook, sentences, standingOf, type Health, type RuleHealth } from "./health-words";

const rule = (given: Partial<RuleHealth> = {}): RuleHealth => ({
  rule: "urgent",
  title: "Says urgent",
  override: false,
  fired: 10,
  share: 0.1,
  points_total: 300,
  points_mean: 30,
  unknown: 0,
  errors: 0,
  failing: null,
  dead: false,
  overridden: 0,
  contradicts: [],
  ...given,
});

const health = { days: 30, tasks: 100 } as Health;

describe("A rule's standing", () => {
  it("is what is wrong before what is remarkable", () => {
    expect(standingOf(rule({ errors: 1, dead: true }))).toBe("fails");
    expect(standingOf(rule({ fired: 0, dead: true }))).toBe("dead");
    expect(standingOf(rule({ fired: 0 }))).toBe("silent");
    expect(standingOf(rule({ share: 0.97 }))).toBe("always");
    expect(standingOf(rule())).toBe("fires");
  });

  it("is told in a sentence with its figures", () =>
    expect(sentences(rule(), health)).toEqual([
      "It applies to 10 of 100 open tasks, and gives +30 each on average, +300 in all.",
    ]));

  it("adds what cancels it out, and who ranked against it", () =>
    expect(
      sentences(
        rule({ overridden: 2, contradicts: [{ rule: "x", title: "Direct", tasks: 5, cancelled: 0.588 }] }),
        health,
      ),
    ).toEqual([
      expect.any(String),
      "On 5 tasks “Direct” does the opposite: 59 % of the larger of the two cancels out.",
      "People ranked 2 times a task above one that had this rule in its favour.",
    ]));
});

it("What needs a look stands first, the worst of it before the rest", () => {
  const rules = [rule(), rule({ dead: true, fired: 0 }), rule({ errors: 3 }), rule({ overridden: 1 })];

  expect(byNeed(rules)).toEqual([rules[2], rules[1], rules[3], rules[0]]);
  expect(rules.filter(needsALook)).toHaveLength(3);
});
