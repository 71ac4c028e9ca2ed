import { describe, expect, it } from "vitest";
import { apartNames, following, nameOf, withoutSettled } from "./names";

const person = (name: string, address: string) => ({ name, address });

describe("what people are called", () => {
  it("is their name, or the address where nobody gave one", () => {
    expect(nameOf(person("Ana Ruiz", "ana@x.example"))).toBe("Ana Ruiz");
    expect(nameOf(person("", "ana@x.example"))).toBe("ana@x.example");
  });

  it("tells two of one name apart by their addresses", () => {
    const one = person("Ana Ruiz", "ana@x.example");
    expect(apartNames(one, person("Ana Ruiz", "ana@y.example"))).toEqual(["ana@x.example", "ana@y.example"]);
    expect(apartNames(one, person("", "a.ruiz@y.example"))).toEqual(["Ana Ruiz", "a.ruiz@y.example"]);
  });
});

describe("a list of pairs to be settled", () => {
  it("leaves out what was settled, also while it is not asked for again yet", () => {
    expect(withoutSettled(["a", "b"], new Set(["a"]), (pair) => pair)).toEqual(["b"]);
  });

  it("goes on with the pair after the settled one, at the end with the one before, and nowhere from the last", () => {
    expect(following(["a", "b", "c"], "b")).toBe("c");
    expect(following(["a", "b", "c"], "c")).toBe("b");
    expect(following(["a"], "a")).toBeNull();
  });
});
