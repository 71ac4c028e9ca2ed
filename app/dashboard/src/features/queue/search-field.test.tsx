import { MantineProvider } from "@mantine/core";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SearchField } from "./search-field";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** The field on a page whose address follows each search; answers come when a test says so. */
function field() {
  const searched: string[] = [];
  let answer = (): void => undefined;
  function Page() {
    const [q, setQ] = useState("");
    const [busy, setBusy] = useState(false);
    answer = () => setBusy(false);
    const onSearch = (words: string) => {
      searched.push(words);
      setQ(words);
      setBusy(true);
    };
    return <SearchField q={q} busy={busy} onSearch={onSearch} onDown={() => undefined} />;
  }
  render(<Page />, { wrapper: MantineProvider });
  const type = (text: string) => fireEvent.change(screen.getByRole("searchbox"), { target: { value: text } });
  const pass = (ms: number) => {
    act(() => void vi.advanceTimersByTime(ms));
  };
  const answered = () => {
    act(() => answer());
  };
  return { searched, type, pass, answered };
}

it("asks for the first letter at once", () => {
  const { searched, type, pass } = field();

  type("p");
  pass(0);

  expect(searched).toEqual(["p"]);
});

it("asks for what was typed meanwhile as soon as the answer is here", () => {
  const { searched, type, pass, answered } = field();
  type("p");
  pass(0);
  type("pu");
  pass(20);
  type("pum");
  pass(20);
  expect(searched).toEqual(["p"]);

  answered();
  pass(0);

  expect(searched).toEqual(["p", "pum"]);
});

it("does not wait for an answer that stays out", () => {
  const { searched, type, pass } = field();
  type("p");
  pass(0);
  type("pump");
  pass(100);

  expect(searched).toEqual(["p", "pump"]);
});

it("asks nothing for spaces at the ends", () => {
  const { searched, type, pass, answered } = field();
  type("pump");
  pass(0);
  answered();
  type("pump ");
  pass(100);

  expect(searched).toEqual(["pump"]);
});
