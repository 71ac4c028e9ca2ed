import { expect, it } from "vitest";
import { opensHereOnly } from "./reach";

it.each([
  ["http://localhost:8000/sign-in#reset=x", true],
  ["http://127.0.0.1:8000/sign-in", true],
  ["http://[::1]:8000/sign-in", true],
  ["https://watchfloor.example/sign-in", false],
  ["http://localhost.example/sign-in", false],
  ["/sign-in", false],
])("%s opens on this machine only: %s", (link, only) => {
  expect(opensHereOnly(link)).toBe(only);
});
