import { describe, expect, it } from "vitest";
import { placeOf, sentence, whereWords, type CheckProblem } from "./problems";

const TEXT = `name = "ours"

[[rules]]
id = "large-sums"
when = "asks > 3 && mony > 3"
points = 25
`;

const problem = (given: Partial<CheckProblem>): CheckProblem => ({
  where: "rules[1] large-sums.when",
  rule: "large-sums",
  field: "when",
  message: "there is no fact 'mony'",
  line: null,
  column: null,
  document_line: null,
  ...given,
});

const marked = (given: Partial<CheckProblem>, text = TEXT) => {
  const place = placeOf(problem(given), text);
  return place && text.slice(place.from, place.to);
};

describe("A problem is marked", () => {
  it("at the word within the condition that its column counts to", () =>
    expect(marked({ line: 1, column: 13, document_line: 5 })).toBe("mony"));

  it("at the word in a condition of several lines", () => {
    const text = `[[rules]]\nwhen = '''asks > 3 &&\n  mony > 3'''\n`;

    expect(marked({ line: 2, column: 3, document_line: 2 }, text)).toBe("mony");
  });

  it("at the word where the condition stands in single quotes", () =>
    expect(marked({ line: 1, column: 1, document_line: 1 }, "when = 'mony > 3'")).toBe("mony"));

  it("at the whole line of its field where no column is told", () =>
    expect(marked({ field: "points", document_line: 6 })).toBe("points = 25"));

  it("at line and column of the text where that is no TOML", () =>
    expect(marked({ rule: null, field: null, line: 3, column: 3 })).toBe("rules"));

  it("at the end of the line where the column lies beyond it", () =>
    expect(marked({ rule: null, field: null, line: 1, column: 99 })).toBe('"'));

  it("in the last line where the text ends earlier", () =>
    expect(placeOf(problem({ rule: null, field: null, line: 99, column: 1 }), "a")).toEqual({ from: 0, to: 1 }));

  it("nowhere in an empty text but at its beginning", () =>
    expect(placeOf(problem({ rule: null, field: null, line: 1, column: 1 }), "")).toEqual({ from: 0, to: 0 }));

  it("nowhere where no line is told", () => expect(placeOf(problem({}), TEXT)).toBeNull());
});

it("Where it is, is said by rule, field and line", () => {
  expect(whereWords(problem({ line: 1, column: 13, document_line: 5 }), TEXT)).toBe("Rule large-sums, when, line 5");
  expect(whereWords(problem({ rule: null, field: "bands.now" }), TEXT)).toBe("bands.now");
  expect(whereWords(problem({ rule: null, field: null, line: 3, column: 1 }), TEXT)).toBe("The text, line 3");
});

it("A message becomes a sentence once", () => {
  expect(sentence("is needed")).toBe("Is needed.");
  expect(sentence("there is no fact 'mony'; did you mean 'money'?")).toBe(
    "There is no fact 'mony'; did you mean 'money'?",
  );
});
