import { describe, expect, it } from "vitest";
import { changesOf, labelChoices, toggled } from "./labelling";

const TASKS = [{ labels: ["legal", "urgent"] }, { labels: ["legal"] }];
const states = (draft = {}, text = "") =>
  Object.fromEntries(labelChoices(TASKS, ["other"], draft, text).map(({ label, state }) => [label, state]));

describe("labels of several tasks", () => {
  it("say whether all, some or none bear them", () =>
    expect(states()).toEqual({ legal: "all", urgent: "some", other: "none" }));

  it("are put on where not all bear them, taken off where all do, and left alone when chosen twice", () => {
    const draft = toggled(toggled({}, "urgent", "some"), "legal", "all");
    expect(changesOf(draft)).toEqual({ add: ["urgent"], remove: ["legal"] });
    expect(states(draft)).toEqual({ legal: "none", urgent: "all", other: "none" });
    expect(toggled(draft, "urgent", "all")).toEqual({ legal: false });
  });

  it("may be new, unless only the case differs", () => {
    expect(states({}, "Later")).toEqual({ Later: "none" });
    expect(states({}, "LEGAL")).toEqual({ legal: "all" });
  });
});
