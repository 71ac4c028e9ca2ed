import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useSignOut } from "./sign-out";

const answers: (Response | null)[] = [];
const went = vi.fn();

function Way() {
  const { signOut, refused } = useSignOut();
  return (
    <>
      <button onClick={signOut}>Sign out</button>
      {refused}
    </>
  );
}

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal("fetch", () => {
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("offline"));
  });
  vi.spyOn(location, "assign").mockImplementation(went);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <Way />
      </MantineProvider>
    </QueryClientProvider>,
  );
});
afterEach(() => {
  cleanup();
  went.mockClear();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("leads to the page for signing in", async () => {
  answers.push(new Response(null, { status: 204 }));
  fireEvent.click(screen.getByText("Sign out"));
  await waitFor(() => expect(went).toHaveBeenCalledWith("/sign-in"));
});

it("says that one is still signed in where it fails, and tries again", async () => {
  answers.push(null, Response.json({ title: "Out of order", detail: "Later." }, { status: 503 }));
  fireEvent.click(screen.getByText("Sign out"));
  await waitFor(() => screen.getByText("You are still signed in"));
  screen.getByText("The server does not answer");

  fireEvent.click(screen.getByText("Retry"));
  await waitFor(() => screen.getByText("Out of order"));
  expect(went).not.toHaveBeenCalled();

  answers.push(new Response(null, { status: 204 }));
  fireEvent.click(screen.getByText("Retry"));
  await waitFor(() => expect(went).toHaveBeenCalledWith("/sign-in"));
});
