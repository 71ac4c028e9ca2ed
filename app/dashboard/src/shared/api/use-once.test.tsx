import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "./errors";
import { queryClient } from "./query-client";
import { useOnce } from "./use-once";

type Given = { name: string };

const failing = (status: number) => new ApiError({ status });

/** Sends as the hook does, and answers in turn; keys are told as a, b, … in the order they were first seen. */
function once(answers: (ApiError | string)[], repeats = false) {
  const client = repeats ? queryClient : new QueryClient();
  const sent: string[] = [];
  const keys: string[] = [];
  const { result } = renderHook(
    () =>
      useOnce({
        mutationFn: (_: Given, key: string) => {
          if (!keys.includes(key)) keys.push(key);
          sent.push("abc".charAt(keys.indexOf(key)));
          const answer = answers.shift() ?? "done";
          return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer);
        },
      }),
    { wrapper: ({ children }: { children: ReactNode }) => QueryClientProvider({ client, children }) },
  );
  const send = async (name: string, through = result.current.mutate) => {
    await act(
      () => new Promise<void>((ended) => through({ name }, { onSuccess: () => ended(), onError: () => ended() })),
    );
  };
  return { sent, send, result };
}

afterEach(() => {
  queryClient.clear();
});

describe("a change that happens once", () => {
  it.each([
    ["no answer came", 0],
    ["the server failed", 503],
  ])("is repeated by itself under its key where %s", async (_, status) => {
    const { sent, send, result } = once([failing(status)], true);
    await send("one");
    expect(sent).toEqual(["a", "a"]);
    await waitFor(() => expect(result.current.data).toBe("done"));
  });

  it.each([
    ["no answer came", 0],
    ["the server failed", 500],
  ])("keeps its key where %s and somebody sends the same again", async (_, status) => {
    const { sent, send } = once([failing(status)]);
    await send("one");
    await send("one");
    expect(sent).toEqual(["a", "a"]);
  });

  it("keeps it also where the way to repeat was made before it failed", async () => {
    const { sent, send, result } = once([failing(0)]);
    const before = result.current.mutate;
    await send("one", before);
    await send("one", before);
    expect(sent).toEqual(["a", "a"]);
  });

  it("is another change where something else is sent", async () => {
    const { sent, send } = once([failing(0)]);
    await send("one");
    await send("two");
    expect(sent).toEqual(["a", "b"]);
  });

  it("is another change once the answer is known, whatever it was", async () => {
    const { sent, send } = once([failing(409), "done"]);
    await send("one");
    await send("one");
    await send("one");
    expect(sent).toEqual(["a", "b", "c"]);
  });
});
