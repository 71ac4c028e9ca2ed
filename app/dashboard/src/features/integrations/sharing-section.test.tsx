import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Integration } from "@/shared/api/integrations";
import { queryClient } from "@/shared/api/query-client";
import { SharingSection } from "./sharing-section";

const ann = { id: 1, email: "ann@example.org" };
const mailbox = (hidden: boolean) =>
  ({ id: 7, name: "Ann's mail", items: 1234, private: hidden, owner: ann, viewers: [] }) as unknown as Integration;

let changes: unknown[] = [];

beforeEach(() => {
  changes = [];
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "PATCH") {
      changes.push(await request.json());
      return Response.json(mailbox(false));
    }
    if (pathname.endsWith("/tasks/counts")) {
      expect([searchParams.getAll("integration"), searchParams.getAll("status").length]).toEqual([["7"], 5]);
      return Response.json({ total: 321 });
    }
    return Response.json({ name: "Ann", user: ann, permissions: [] });
  });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

async function shown(hidden: boolean) {
  render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider env="test">
        <SharingSection integration={mailbox(hidden)} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  const hiding = screen.getByRole<HTMLInputElement>("switch");
  await waitFor(() => expect(hiding.disabled).toBe(false));
  fireEvent.click(hiding);
}

it("asks before everybody sees it, and says how much that is", async () => {
  await shown(true);
  await waitFor(() => screen.getByText(/will see 321 tasks and 1,234 items of it/));
  expect(changes).toEqual([]);

  fireEvent.click(screen.getByText("Show to everybody"));
  await waitFor(() => expect(changes).toEqual([{ private: false }]));
});

it("changes nothing where that was not meant", async () => {
  await shown(true);
  fireEvent.click(screen.getByText("Cancel"));
  await waitFor(() => expect(screen.queryByText("Cancel")).toBeNull());
  expect(changes).toEqual([]);
});

it("hides it without a question", async () => {
  await shown(false);
  await waitFor(() => expect(changes).toEqual([{ private: true }]));
});
