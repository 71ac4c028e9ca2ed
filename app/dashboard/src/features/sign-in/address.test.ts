import { describe, expect, it } from "vitest";
import { destination, readAddress } from "./address";

const HERE = { origin: "https://watch.example", pathname: "/sign-in" };

describe("where one goes after signing in", () => {
  it.each([
    ["/?view=done", "https://watch.example/?view=done"],
    ["/rules/edit", "https://watch.example/rules/edit"],
    [null, "https://watch.example/"],
  ])("leads to an address of our own: %s", (wanted, expected) => {
    expect(destination(wanted, HERE)).toBe(expected);
  });

  it.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:",
    "/sign-in?next=x",
  ])("leads nobody away from here, nor round in a circle: %s", (wanted) => {
    expect(destination(wanted, HERE)).toBe("https://watch.example/");
  });

  it("stays on this server even where a path looks like a server's name", () => {
    expect(new URL(destination("/.//evil.example", HERE)).origin).toBe(HERE.origin);
  });
});

describe("what a link brings", () => {
  it("is read from behind the #", () => {
    expect(readAddress({ search: "?next=%2Frules", hash: "#token=abc" })).toMatchObject({
      link: "abc",
      reset: "",
      next: "/rules",
    });
  });
});
