import { describe, expect, it } from "vitest";
import { inWords } from "./condition-words";

const said = (condition: string) =>
  inWords(condition)
    ?.map((piece) => ("fact" in piece ? piece.fact : piece.text))
    .join("") ?? null;

describe("A condition in words", () => {
  it.each([
    ["says_urgent", "says_urgent"],
    ["!resolved", "not resolved"],
    ["turn == 'ours'", "turn is ours"],
    ["due_from != 'words'", "due_from is not words"],
    ["money >= 5000.0 && turn == 'ours'", "money is at least 5000 and turn is ours"],
    ["priority == 'high' || starred", "priority is high or starred"],
    ["'started_at' in known", "started_at is known"],
    ["unanswered && !('turn' in known)", "unanswered and turn is not known"],
    ["'billing' in labels", "labels have billing"],
    ["!('next' in labels)", "labels are without next"],
    ["size(urgency) > 0", "the number of urgency is above 0"],
    ["question && (unanswered || turn == 'ours')", "question and (unanswered or turn is ours)"],
    ["!(stale || resolved)", "not (stale or resolved)"],
  ])("%s is “%s”", (condition, words) => expect(said(condition)).toBe(words));

  it.each([
    "labels.exists(each, each in ['a'])",
    "size(resolution) % 2 == 1",
    "true",
    "asks + severity > 10",
    "turn == assignee",
    "'a' == turn",
    "turn ==",
    "",
    "title.contains('it\\'s')",
  ])("%s is left as it is written", (condition) => expect(said(condition)).toBeNull());
});
