import { describe, expect, it } from "vitest";
import { ApiError } from "@/shared/api/errors";
import { errorsOf, fieldsOf, pairsOf, pairsText, settingsOf, valuesOf } from "./schema-form";

const SCHEMA = {
  properties: {
    since: { anyOf: [{ type: "string", format: "date" }, { type: "null" }], default: null, title: "Since" },
    columns: { type: "object", additionalProperties: { anyOf: [{ type: "string" }, { type: "null" }] } },
    day_first: { anyOf: [{ type: "boolean" }, { type: "null" }], default: null },
    query: { type: "string", default: "", maxLength: 1000, description: "Only what this search finds." },
    labels: { type: "array", items: { type: "string" } },
    include_sent: { type: "boolean", default: true },
    page_size: { type: "integer", default: 100, minimum: 1, maximum: 500 },
    when_done: { enum: ["archive", "label"], type: "string", default: "archive" },
    act: { $ref: "#/$defs/Act" },
  },
  $defs: { Act: { enum: ["one", "two"], type: "string", default: "one" } },
};
const FIELDS = fieldsOf(SCHEMA);
const field = (name: string) => FIELDS.find((each) => each.name === name);

describe("fields of a schema", () => {
  it("are of the sort that their type says", () => {
    expect(Object.fromEntries(FIELDS.map(({ name, sort }) => [name, sort]))).toEqual({
      since: "date",
      columns: "pairs",
      day_first: "either",
      query: "text",
      labels: "list",
      include_sent: "switch",
      page_size: "number",
      when_done: "choice",
      act: "choice",
    });
  });

  it("carry their words, bounds and choices", () => {
    expect(field("query")).toMatchObject({ label: "query", help: "Only what this search finds.", longest: 1000 });
    expect(field("page_size")).toMatchObject({ min: 1, max: 500, standard: 100 });
    expect(field("when_done")?.choices).toEqual(["archive", "label"]);
    expect(field("act")?.choices).toEqual(["one", "two"]);
  });
});

describe("settings", () => {
  it("begin with what is set, and elsewhere with what holds anyway", () => {
    expect(valuesOf(FIELDS, { query: "to:us", since: null })).toMatchObject({
      query: "to:us",
      since: "",
      labels: [],
      include_sent: true,
      day_first: null,
    });
  });

  it("are sent only where they differ from what holds anyway", () => {
    const values = { ...valuesOf(FIELDS, {}), include_sent: false, labels: ["urgent"], since: "2026-01-01" };
    expect(settingsOf(FIELDS, values)).toEqual({ include_sent: false, labels: ["urgent"], since: "2026-01-01" });
    expect(settingsOf(FIELDS, valuesOf(FIELDS, { query: "to:us" }))).toEqual({ query: "to:us" });
  });
});

describe("what the server refuses", () => {
  it("stands at its field, also where it is one entry of a list", () => {
    const error = new ApiError({
      errors: [
        { location: "body.settings.page_size", message: "Input should be less than or equal to 500" },
        { location: "body.settings.labels.0", message: "is no label" },
        { location: "body.name", message: "is taken" },
      ],
    });
    expect(errorsOf(error, "body.settings")).toEqual({
      page_size: "should be less than or equal to 500",
      labels: "is no label",
    });
    expect(errorsOf(error, "body")).toMatchObject({ name: "is taken" });
  });
});

describe("pairs", () => {
  it("are lines that can be typed", () => {
    const pairs = { Owner: "assignee", Salary: null, "a = b": "title" };
    expect(pairsText(pairs)).toBe("Owner = assignee\nSalary =\na = b = title");
    expect(pairsOf(pairsText(pairs))).toEqual(pairs);
    expect(pairsOf("\nNotes\n")).toEqual({ Notes: null });
  });
});
