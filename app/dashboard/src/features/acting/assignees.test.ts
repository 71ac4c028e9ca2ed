import { describe, expect, it } from "vitest";
import { assignees } from "./assignees";

const KNOWN = {
  me: "ana@example.com",
  users: [
    { email: "ana@example.com", name: "Ana Torres", disabled: false },
    { email: "ben@example.com", name: "Ben", disabled: false },
    { email: "gone@example.com", name: "Gone", disabled: true },
  ],
  used: ["none", "kim"],
  text: "",
  taken: null,
};
const labels = (more: Partial<typeof KNOWN> | { taken: string }) =>
  assignees({ ...KNOWN, ...more }).map(({ label }) => label);

describe("whom a task may be given to", () => {
  it("begins with oneself and ends with nobody", () =>
    expect(labels({})).toEqual(["Me: Ana Torres", "kim", "Ben", "Nobody"]));
  it("is found by name, by address and by «me»", () => {
    expect(labels({ text: "torres" })[0]).toBe("Me: Ana Torres");
    expect(labels({ text: "ben@" })[0]).toBe("Ben");
    expect(labels({ text: "me" })[0]).toBe("Me: Ana Torres");
  });
  it("may be anybody else by name", () => expect(labels({ text: "Zoe" })).toEqual(["«Zoe»"]));
  it("leaves out who has it", () => expect(labels({ taken: "kim" })).not.toContain("kim"));
});
