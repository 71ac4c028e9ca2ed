import { expect, it } from "vitest";
import { pointsBehind, scoreShown } from "./score";

it("shows by a plus that there are more points than the score can say", () => {
  expect(scoreShown({ score: 100, points: 147 })).toBe("100+");
  expect(scoreShown({ score: 100, points: 100 })).toBe("100");
  expect(scoreShown({ score: 0, points: -12 })).toBe("0");
  expect(scoreShown({ score: 84, points: 83.6 })).toBe("84");
});

it("tells the points behind it", () => {
  expect(pointsBehind({ score: 100, points: 147 })).toBe("147 points, shown as 100+ of 100");
  expect(pointsBehind({ score: 84, points: 84 })).toBe("84 points");
  expect(pointsBehind({ score: 1, points: 1 })).toBe("1 point");
});
