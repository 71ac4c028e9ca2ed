import { describe, expect, it } from "vitest";
import { factMayFollow, soughtFacts } from "./completion";

describe("A fact's name is offered", () => {
  it.each([
    'when = "tu',
    "when = 'turn == ",
    'curve.hours_to = "du',
    'curve = { value = "as',
    'say = "About {mo',
    "fact = '",
  ])("behind %s", (before) => expect(factMayFollow(before)).toBe(true));

  it.each(['title = "tu', 'say = "About mo', 'say = "{money} an', "[[rules]]", "points = 3"])(
    "not behind %s",
    (before) => expect(factMayFollow(before)).toBe(false),
  );
});

it("Facts are found by name and meaning", () => {
  const fact = (name: string, meaning: string) => ({
    name,
    meaning,
    type: "bool",
    example: true,
    values: [],
    most: null,
  });
  const facts = [fact("turn", "Whose turn it is to answer"), fact("due_at", "The deadline")];

  expect(soughtFacts(facts, "DEADLINE").map(({ name }) => name)).toEqual(["due_at"]);
  expect(soughtFacts(facts, "answer whose")).toHaveLength(1);
  expect(soughtFacts(facts, " ")).toHaveLength(2);
});
