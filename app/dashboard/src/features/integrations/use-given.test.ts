import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Connection } from "./queries";
import { useGiven } from "./use-given";

type Seen = { state: Connection["state"] | undefined; isAsked?: boolean };

/** What it says after each of these was seen, one after the other. */
function said(...seen: [Seen, ...Seen[]]) {
  const { result, rerender } = renderHook(({ state, isAsked = false }: Seen) => useGiven(state, isAsked), {
    initialProps: seen[0],
  });
  return seen.map((each) => {
    rerender(each);
    return result.current;
  });
}

it("is told where the link was asked for here", () => {
  expect(said({ state: undefined }, { state: "pending", isAsked: true }, { state: "active", isAsked: true })).toEqual([
    false,
    false,
    true,
  ]);
});

it("is told where the link waited already, as after closing and opening again", () => {
  expect(said({ state: undefined }, { state: "pending" }, { state: "active" })).toEqual([false, false, true]);
});

it("is not told of an account that was connected before, until another one is", () => {
  expect(said({ state: "active" }, { state: "pending" }, { state: "expired" }, { state: "active" })).toEqual([
    false,
    false,
    false,
    true,
  ]);
});
