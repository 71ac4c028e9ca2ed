import { describe, expect, it } from "vitest";
import { fieldName, problemWords } from "./problem-words";

const invalid = { title: "Some values can't be taken", code: "invalid" };

describe("a field", () => {
  it.each([
    ["body.new", "New"],
    ["body.due_at", "Due at"],
    ["body.columns.3", "Columns"],
    ["query.limit", "Limit"],
    ["body", ""],
  ])("%s is called «%s»", (location, name) => {
    expect(fieldName(location)).toBe(name);
  });
});

describe("a problem", () => {
  it("that one field has is told once, by the field's name", () => {
    const words = problemWords({
      ...invalid,
      message: "must have at least 12 characters",
      fields: [{ location: "body.new", message: "must have at least 12 characters" }],
    });
    expect(words).toEqual({
      title: "That can't be taken",
      message: "",
      fields: ["New must have at least 12 characters"],
      more: [],
    });
  });

  it("keeps what the message does not say", () => {
    const words = problemWords({
      ...invalid,
      message: "Two fields are wrong.",
      fields: [
        { location: "body.email", message: "is no address" },
        { location: "body.role", message: "is unknown" },
      ],
    });
    expect(words).toMatchObject({ title: invalid.title, message: "Two fields are wrong." });
    expect(words.fields).toEqual(["Email is no address", "Role is unknown"]);
  });

  it("that is a wall of words begins with its first sentence", () => {
    const kinds = `Give it one of: ${"a file of some kind; ".repeat(20)}or another.`;
    const words = problemWords({
      ...invalid,
      message: `junk.bin looks like a binary file. ${kinds}`,
      fields: [{ location: "body.file", message: "is of no kind we know" }],
    });
    expect(words.message).toBe("junk.bin looks like a binary file.");
    expect(words.more).toEqual([kinds]);
  });

  it("of another sort keeps its title", () => {
    const words = problemWords({ title: "Too large", code: "too_large", message: "At most 3 GB.", fields: [] });
    expect(words).toEqual({ title: "Too large", message: "At most 3 GB.", fields: [], more: [] });
  });
});
