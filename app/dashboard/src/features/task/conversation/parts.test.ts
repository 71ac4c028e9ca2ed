import { describe, expect, it } from "vitest";
import { findQuote, partsOf } from "./parts";

const marked = (text: string, quote: string) => {
  const range = findQuote(text, quote);
  return range && text.slice(range.start, range.end);
};
const shown = (text: string, ...quotes: string[]) =>
  partsOf(
    text,
    quotes.map((quote, index) => ({ rule: `rule-${index}`, quote })),
  ).map(({ href, stretches }) => ({ href, stretches: stretches.map(({ text: each, rules }) => [each, ...rules]) }));

describe("a quote", () => {
  it("is found where it stands", () =>
    expect(marked("Sign it by Tuesday 5pm, please.", "by Tuesday 5pm")).toBe("by Tuesday 5pm"));
  it("is found across a line's end", () =>
    expect(marked("could you\n  please sign", "could you please")).toBe("could you\n  please"));
  it("is found as a word before it is found within one", () =>
    expect(findQuote("urgently, this is urgent", "urgent")).toEqual({ start: 18, end: 24 }));
  it("is found within a word where it stands nowhere else", () => expect(marked("urgently", "urgent")).toBe("urgent"));
  it("is found in other capitals", () => expect(marked("URGENT: stop", "urgent")).toBe("URGENT"));
  it("may hold what means something in patterns", () =>
    expect(marked("cost (5.0 €)? yes", "(5.0 €)?")).toBe("(5.0 €)?"));
  it("is nowhere where it isn't", () => {
    expect(findQuote("nothing", "else")).toBeNull();
    expect(findQuote("nothing", "  ")).toBeNull();
  });
});

describe("the parts of a text", () => {
  it("are all of it", () => {
    const text = "See https://a.example/x (urgent), now.";
    const joined = partsOf(text, [{ rule: "r", quote: "x (urgent)" }]).flatMap((part) =>
      part.stretches.map((each) => each.text),
    );
    expect(joined.join("")).toBe(text);
  });

  it("let addresses be followed, without the sentence's punctuation", () => {
    expect(shown("Look (https://a.example/b_(c)). End")).toEqual([
      { href: null, stretches: [["Look ("]] },
      { href: "https://a.example/b_(c)", stretches: [["https://a.example/b_(c)"]] },
      { href: null, stretches: [["). End"]] },
    ]);
  });

  it("follow nothing that could run as a program", () => {
    expect(partsOf("javascript:alert(1) data:text/html,x https://").every(({ href }) => href === null)).toBe(true);
  });

  it("mark the words that lines rest on, also where two share some", () => {
    expect(shown("do it by five today", "by five", "five today")).toEqual([
      {
        href: null,
        stretches: [["do it "], ["by ", "rule-0"], ["five", "rule-0", "rule-1"], [" today", "rule-1"]],
      },
    ]);
  });
});
