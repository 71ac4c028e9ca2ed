import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Due } from "./due";
import { shortly } from "./words";

afterEach(cleanup);

const at = new Date(Date.now() + 60 * 60_000).toISOString();

it("warns while the task is open", () => {
  render(<Due task={{ due_at: at, status: "open" }} />);
  expect(screen.getByText(/^Due in/).dataset.urgency).toBe("soon");
});

it.each(["done", "declined", "not_for_us"] as const)("is a plain date once it is %s", (status) => {
  render(<Due task={{ due_at: at, status }} />);
  expect(screen.getByText(`Due ${shortly(at)}`).dataset.urgency).toBeUndefined();
});
