import { expect, it } from "vitest";
import { suggested } from "./suggested";

it("reads what the server suggests as an act that can be undone", () => {
  expect(suggested({ method: "PATCH", path: "/api/v1/tasks/7", body: { priority: "high" } })).toEqual({
    task: 7,
    action: { verb: "edit", changes: { priority: "high" } },
  });
  expect(suggested({ method: "POST", path: "/api/v1/tasks/8/complete", body: null })).toEqual({
    task: 8,
    action: { verb: "complete" },
  });
  expect(suggested({ method: "POST", path: "/api/v1/tasks/8/assign", body: { user: "ana" } })).toEqual({
    task: 8,
    action: { verb: "assign", user: "ana" },
  });
});

it("offers nothing where no single act does it, or where it does not know it", () => {
  expect(suggested(null)).toBeNull();
  expect(suggested({ method: "POST", path: "/api/v1/tasks/8/burn", body: null })).toBeNull();
  expect(suggested({ method: "PATCH", path: "/api/v1/users/8", body: {} })).toBeNull();
});
