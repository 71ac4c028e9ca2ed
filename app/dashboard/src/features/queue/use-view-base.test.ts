import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import type { SavedView } from "./queries";
import { useViewBase } from "./use-view-base";

type Seen = { id: number; version: number; isChanged?: boolean };

const viewOf = ({ id, version }: Seen) => ({ id, version }) as SavedView;

function based(first: Seen) {
  const { result, rerender } = renderHook(
    ({ isChanged = false, ...seen }: Seen) => useViewBase(viewOf(seen), isChanged),
    { initialProps: first },
  );
  return { see: rerender, result };
}

it("is the version that was shown last as it is", () => {
  const { see, result } = based({ id: 4, version: 1 });
  expect(result.current.version).toBe(1);
  see({ id: 4, version: 2 });
  expect(result.current.version).toBe(2);
});

it("stays where somebody else changed the view after what is shown", () => {
  const { see, result } = based({ id: 4, version: 1 });
  see({ id: 4, version: 2, isChanged: true });
  expect(result.current.version).toBe(1);
});

it("is not known at an address that shows something else from the start, nor of another view", () => {
  const { see, result } = based({ id: 4, version: 7, isChanged: true });
  expect(result.current.version).toBeNull();
  see({ id: 4, version: 7 });
  see({ id: 5, version: 1, isChanged: true });
  expect(result.current.version).toBeNull();
});

it("follows what was changed here, unless somebody else was quicker", () => {
  const { see, result } = based({ id: 4, version: 1 });
  see({ id: 4, version: 1, isChanged: true });
  act(() => result.current.follow(1, { id: 4, version: 2 }));
  see({ id: 4, version: 2, isChanged: true });
  expect(result.current.version).toBe(2);
  act(() => result.current.follow(3, { id: 4, version: 4 }));
  expect(result.current.version).toBe(2);
});
