import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AddUser } from "./add-user";

const ADDED = "POST /api/v1/users";
const LINKED = "POST /api/v1/users/7/password-link";

/** What was asked for, with which key; the link can't be made the first time. */
let sent: [string, string | null][] = [];

beforeEach(() => {
  sent = [];
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal("fetch", (request: Request) => {
    const asked = `${request.method} ${new URL(request.url).pathname}`;
    sent.push([asked, request.headers.get("Idempotency-Key")]);
    if (asked === ADDED) return Promise.resolve(Response.json({ id: 7, email: "ben@example.org" }, { status: 201 }));
    const failed = sent.filter(([each]) => each === LINKED).length === 1;
    const answer = failed
      ? Response.json({ title: "Out of order", detail: "Later." }, { status: 500 })
      : Response.json({ link: "https://watch.example/reset", expires_at: "2026-03-02T09:00:00Z" });
    return Promise.resolve(answer);
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <AddUser onClose={() => undefined} />
      </MantineProvider>
    </QueryClientProvider>,
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("makes the link alone where the account is made already", async () => {
  fireEvent.change(screen.getByLabelText(/E-mail/), { target: { value: "ben@example.org" } });
  fireEvent.submit(screen.getByLabelText(/E-mail/));
  await waitFor(() => screen.getByText("Out of order"));
  screen.getByText(/What is missing is the link/);

  fireEvent.click(screen.getByText("Make the link"));
  await waitFor(() => screen.getByText(/Send this link to/));
  expect(sent.map(([asked]) => asked)).toEqual([ADDED, LINKED, LINKED]);
  expect(sent[2]?.[1]).toBe(sent[1]?.[1]);
});
