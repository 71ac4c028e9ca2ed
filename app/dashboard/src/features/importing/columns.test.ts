import { describe, expect, it } from "vitest";
import {
  ambiguousDate,
  bothDays,
  chosen,
  corrected,
  correctionsForm,
  NOTHING_SAID,
  whyOf,
  zonelessDate,
  type Column,
  type Preview,
} from "./columns";

const column = (given: Partial<Column>): Column => ({
  name: "Due",
  field: "due",
  why: "by its name",
  examples: [],
  ...given,
});
const preview = (...examples: string[]): Preview => ({
  kind: "csv",
  tables: [{ name: "Tasks", columns: [column({ examples })], rows: [] }],
});

describe("what a column means", () => {
  it("is its field, or that it is kept or left out", () => {
    expect(chosen(column({}))).toBe("due");
    expect(chosen(column({ field: null, why: "no meaning found" }))).toBe("keep");
    expect(chosen(column({ field: null, why: "left out, as you said" }))).toBe("leave");
    expect(whyOf(column({ field: null, why: "no meaning found" }))).toBe("Shown with the task");
  });

  it("is corrected by name; the first guess takes back what was said", () => {
    const said = corrected(NOTHING_SAID, "Owner", "assignee", "keep");
    expect(said.columns).toEqual({ Owner: "assignee" });
    expect(corrected(said, "Owner", "leave", "keep").columns).toEqual({ Owner: null });
    expect(corrected(said, "Owner", "keep", "keep").columns).toEqual({ Owner: "guess" });
  });
});

describe("dates", () => {
  it("are asked about only where one can be read both ways", () => {
    expect(ambiguousDate(preview("25/12/2026", "3/4/2026"))).toBe("3/4/2026");
    expect(ambiguousDate(preview("25/12/2026"))).toBeUndefined();
    expect(bothDays("3/4/2026")).toEqual({ dayFirst: "3 April", monthFirst: "4 March" });
  });

  it("ask for a zone where one says none itself", () => {
    expect(zonelessDate(preview("2026-03-02T09:00:00Z", "2026-03-02T09:00:00+01:00"))).toBeUndefined();
    expect(zonelessDate(preview("2026-03-02 09:00"))).toBe("2026-03-02 09:00");
  });
});

describe("what is sent", () => {
  it("says only what was said", () => {
    expect(correctionsForm(NOTHING_SAID)).toEqual([]);
    expect(correctionsForm({ columns: { A: null }, dayFirst: false, zone: "Europe/Paris" })).toEqual([
      ["columns", '{"A":null}'],
      ["day_first", "false"],
      ["zone", "Europe/Paris"],
    ]);
  });
});
