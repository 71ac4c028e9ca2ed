import { describe, expect, it } from "vitest";
import { fitting } from "./matching";

const ALL = ["Complete", "Snooze… later remind", "Merge into another… duplicate", "Go to Integrations", "Assign…"];
const found = (wanted: string) => fitting(ALL, wanted, (each) => each);

describe("the palette finds", () => {
  it("by the beginning of a word, before what holds the letters elsewhere", () =>
    expect(found("in")).toEqual(["Merge into another… duplicate", "Go to Integrations", "Snooze… later remind"]));
  it("by other words for it", () => expect(found("remind")).toEqual(["Snooze… later remind"]));
  it("by several words in any order", () => expect(found("integ go")).toEqual(["Go to Integrations"]));
  it("by letters that were left out", () => expect(found("cmpl")).toEqual(["Complete"]));
  it("everything where nothing was written, in its order", () => expect(found("")).toEqual(ALL));
  it("nothing where a word is nowhere", () => expect(found("complete xyz")).toEqual([]));
});
