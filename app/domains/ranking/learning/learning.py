"""From drags to a proposal: a small change of the rules' numbers with which more of what people said holds. Pure.

Rules that are clearly at fault (see pulls.py) are pushed by each drag they contradict, as little as it takes and no
farther than its share: passive-aggressive steps, repeated until they settle. Of what comes out only that is proposed
which several drags of different days ask for, and few speak against; docs/learning.md tells the bounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domains.ranking.learning.drags import Drag, Lines, with_lines
from app.domains.ranking.learning.learnable import Field, Learnable, Numbers, learnable, turning
from app.domains.ranking.learning.pulls import (
    NEEDED_DAYS,
    NOBODY,
    Asked,
    Pull,
    Spent,
    Support,
    pulls_of,
    supports,
    telling,
)
from app.domains.ranking.rules import Ruleset

MOST_RULES = 5
"""That one proposal changes."""
AGAINST = 2
"""At least so many drags must ask for a change for each one that speaks against it."""
CLEAR = 2.0
"""Standard errors from which on a rule counts as at fault."""

_ROUNDS = 30
_PUSH = 25
"""A drag moves a rule by no more than this part of the highest points in the ruleset: a mistaken one does little."""


@dataclass(frozen=True, slots=True)
class Change:
    """Other numbers for one rule, in thousandths of a point, and the ids of the drags that bear on it."""

    rule: str
    title: str
    field: Field
    before: Numbers
    after: Numbers
    evidence: tuple[int, ...]
    against: tuple[int, ...]

    @property
    def direction(self) -> int:
        """1: it gives more; -1: less."""
        return 1 if sum(self.after) > sum(self.before) else -1


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes in the ruleset's order, and of how many drags the order is right before and after them."""

    changes: tuple[Change, ...]
    drags: int
    agreed_before: int
    agreed_after: int


@dataclass(frozen=True, slots=True)
class _Case:
    """All that is known, and the rules with the direction in which each may move."""

    ruleset: Ruleset
    rules: Mapping[str, Learnable]
    pulls: Sequence[Pull]
    asked: Mapping[Asked, Support]
    ways: Mapping[str, int]


def propose(
    ruleset: Ruleset,
    drags: Sequence[Drag],
    *,
    undisputed: Mapping[int, Lines] | None = None,
    origins: Mapping[str, Numbers] | None = None,
    spent: Spent | None = None,
) -> Proposal | None:
    """The change that the drags ask for, or None. Their lines must be those of this ruleset (see drags.carried), and
    both tasks of each of one tier: no points move a task into another.

    `undisputed` are the lines of tasks of the queue, by id; `origins` is what people themselves wrote of rules
    that were learned before.
    """
    rules = learnable(ruleset, origins or {})
    pulls = pulls_of(ruleset, rules, drags, spent or {})
    asked, clear = supports(pulls), telling(ruleset, rules, pulls, undisputed or {})
    ways = {rule: 1 if told > 0 else -1 for rule, told in clear.items() if abs(told) >= CLEAR}
    at_fault = [rule for rule, way in ways.items() if asked.get((rule, way), NOBODY).enough]
    at_fault.sort(key=lambda rule: -abs(clear[rule]))  # stable: ties stay in the rules' order
    return _narrowed(_Case(ruleset, rules, pulls, asked, ways), set(at_fault[:MOST_RULES]))


def _narrowed(case: _Case, candidates: set[str]) -> Proposal | None:
    """What comes of the rules that hold to all bounds when they alone may move."""
    while candidates:
        changes = _settled(case, {rule: known for rule, known in case.rules.items() if rule in candidates})
        turned = turning(case.ruleset, {change.rule: change.after for change in changes})
        kept = {change.rule for change in changes} - turned
        if kept == candidates:
            return _proposal(case, changes)
        candidates = kept
    return None


def support_of(ruleset: Ruleset, drags: Sequence[Drag], drag_id: int, spent: Spent | None = None) -> Support:
    """How far one drag's wish has come: of the changes it asks for, the one that most drags ask for."""
    pulls = pulls_of(ruleset, learnable(ruleset, {}), drags, spent or {})
    own = [support for support in supports(pulls).values() if drag_id in support.drags]
    return max(own, key=lambda support: (min(support.days, NEEDED_DAYS), len(support.drags)), default=NOBODY)


def _settled(case: _Case, rules: Mapping[str, Learnable]) -> list[Change]:
    """What becomes of the rules where these alone may move, with what speaks for and against each."""
    steps = _pushed(rules, case)
    moved = {rule: known.at_peak(known.peak + steps[rule]) for rule, known in rules.items()}
    moved = {rule: numbers for rule, numbers in moved.items() if numbers != rules[rule].now}
    broken = {pull.drag.id for pull in case.pulls if not _holds(pull, case, moved)}
    changes = []
    for rule, after in moved.items():
        known, way = rules[rule], case.ways[rule]
        support = case.asked[rule, way]
        against = tuple(
            pull.drag.id
            for pull in case.pulls
            if pull.shares.get(rule, 0.0) * way < 0 and (pull.violated or pull.drag.id in broken)
        )
        if len(support.drags) >= AGAINST * len(against):
            changes.append(Change(rule, known.title, known.field, known.now, after, support.drags, against))
    return changes


def _pushed(rules: Mapping[str, Learnable], case: _Case) -> dict[str, float]:
    """By how much the peak of each rule should move, held to its direction and its reach."""
    bounds = {rule: _bounds(known, case.ways[rule]) for rule, known in rules.items()}
    steps = dict.fromkeys(rules, 0.0)
    most = max(known.peak for known in case.rules.values()) / _PUSH
    pushes = [0.0] * len(case.pulls)
    for _ in range(_ROUNDS):
        for at, pull in enumerate(case.pulls):
            shares = {rule: share for rule, share in pull.shares.items() if rule in rules}
            size = sum(share * share for share in shares.values())
            if not size:
                continue
            short = pull.short - sum(steps[rule] * share for rule, share in shares.items())
            push = min(max(pushes[at] + short / size, 0.0), most)
            for rule, share in shares.items():
                low, high = bounds[rule]
                steps[rule] = min(max(steps[rule] + (push - pushes[at]) * share, low), high)
            pushes[at] = push
    return steps


def _bounds(known: Learnable, way: int) -> tuple[int, int]:
    low, high = known.reach
    return (0, high - known.peak) if way > 0 else (low - known.peak, 0)


def _holds(pull: Pull, case: _Case, moved: Mapping[str, Numbers]) -> bool:
    """Whether a drag's order is right with other numbers."""
    peaks = {rule: max(numbers) for rule, numbers in moved.items()}
    above, below = (
        sum(with_lines(lines, case.rules, peaks, case.ruleset).values())
        for lines in (pull.drag.above_lines, pull.drag.below_lines)
    )
    return above > below or (above == below and not pull.violated)


def _proposal(case: _Case, changes: Sequence[Change]) -> Proposal | None:
    """None where fewer drags would hold than now, or as many."""
    moved = {change.rule: change.after for change in changes}
    before = sum(not pull.violated for pull in case.pulls)
    after = sum(_holds(pull, case, moved) for pull in case.pulls)
    return Proposal(tuple(changes), len(case.pulls), before, after) if after > before else None
