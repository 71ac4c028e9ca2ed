import { expect, it } from "vitest";
import { numbersWords } from "./proposal-words";

it("A number is told before and after", () => expect(numbersWords(20, 17)).toBe("20 → 17"));

it("Of a curve only the corners that change are told", () =>
  expect(numbersWords([0, 30, -15], [0, 36, -12])).toBe("30 → 36, −15 → −12"));
