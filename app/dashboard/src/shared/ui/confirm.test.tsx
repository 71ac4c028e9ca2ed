import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../api/errors";
import { Confirm } from "./confirm";

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A question whose answer is lost each time; the keys it was sent with, and the way to say yes. */
function asked() {
  const keys: string[] = [];
  const client = new QueryClient();
  const question = (choice: string) => (
    <QueryClientProvider client={client}>
      <MantineProvider env="test">
        <Confirm
          title="Rotate?"
          act="Rotate"
          choice={choice}
          onClose={() => undefined}
          onDo={(key) => {
            keys.push(key);
            return Promise.reject(new ApiError({ title: `lost ${keys.length}`, status: 0 }));
          }}
        >
          It gets a new one.
        </Confirm>
      </MantineProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(question("one"));
  const yes = async () => {
    fireEvent.click(screen.getByRole("button", { name: "Rotate", hidden: true }));
    await waitFor(() => screen.getByText(`lost ${keys.length}`));
  };
  return { keys, yes, choose: (choice: string) => rerender(question(choice)) };
}

it("hands one key to what it does, and the same where it is said again after a lost answer", async () => {
  const { keys, yes } = asked();
  await yes();
  await yes();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

it("takes another key for another choice", async () => {
  const { keys, yes, choose } = asked();
  await yes();
  choose("another");
  await yes();
  expect(keys[1]).not.toBe(keys[0]);
});
