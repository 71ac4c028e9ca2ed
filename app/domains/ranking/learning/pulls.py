"""What drags say of each rule: which ask for more or less of it, and whether that is more than chance. Pure.

Whoever drags touches only what stands wrongly, and there every rule that gives much seems to give too much: it is why
the one task stands above the other. So drags are compared with what nobody disputes, pairs of the queue as it stands: a
rule is at fault only where it differs between the tasks of drags in another way than between those.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from app.domains.ranking.learning.drags import Drag, Lines, difference, moving, once_a_day
from app.domains.ranking.learning.learnable import Learnable, unit_of
from app.domains.ranking.rules import Ruleset

NEEDED_DRAGS, NEEDED_DAYS = 3, 2
"""So many drags, on so many different days, must ask for a rule's change."""

_DOUBTED = 0.5
"""What undisputed pairs say counts half: that nobody has moved them yet does not make them right."""
_NEAR = 2
"""Undisputed pairs count up to this multiple of the difference that drags usually had against them."""
_SPREAD, _ASSUMED, _LEAST_SPREAD = 0.25, 10, 0.02
"""How widely a rule differs between tasks is taken to be that much, as if so many pairs had shown it; and at least so
much, lest a single drag of a rare rule tell everything."""

Asked: TypeAlias = tuple[str, int]
"""A rule, and whether it should give more (1) or less (-1)."""
Spent: TypeAlias = Mapping[Asked, Set[int]]
"""The ids of drags whose change people turned down: they ask for it no more."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A drag as learning sees it: `shares` says of each rule how much more of its peak it gives the task that should
    stand above."""

    drag: Drag
    shares: Mapping[str, float]
    short: int
    """By how much the difference falls short of the least that would do; not above zero: the order is right."""

    @property
    def violated(self) -> bool:
        return self.short > 0


@dataclass(frozen=True, slots=True)
class Support:
    """What asks for the change of a rule in one direction."""

    drags: tuple[int, ...]
    days: int

    @property
    def enough(self) -> bool:
        return len(self.drags) >= NEEDED_DRAGS and self.days >= NEEDED_DAYS


NOBODY = Support((), 0)


def pulls_of(ruleset: Ruleset, rules: Mapping[str, Learnable], drags: Iterable[Drag], spent: Spent) -> list[Pull]:
    """Each drag of a pair once a day."""
    unit = unit_of(ruleset)
    return [_pull(drag, ruleset, rules, spent, unit) for drag in once_a_day(drags)]


def _pull(drag: Drag, ruleset: Ruleset, rules: Mapping[str, Learnable], spent: Spent, unit: int) -> Pull:
    above, below = (_shares(lines, ruleset, rules) for lines in (drag.above_lines, drag.below_lines))
    shares = {
        rule: more
        for rule in rules
        if (more := above.get(rule, 0.0) - below.get(rule, 0.0))
        and drag.id not in spent.get((rule, 1 if more > 0 else -1), ())
    }
    margin = difference(drag)
    holds = margin > 0 or (margin == 0 and drag.agreed)
    return Pull(drag, shares, min(0, unit - margin) if holds else unit - margin)


def _shares(lines: Lines, ruleset: Ruleset, rules: Mapping[str, Learnable]) -> dict[str, float]:
    return {rule: points / rules[rule].peak for rule, points in moving(lines, ruleset).items() if rule in rules}


def supports(pulls: Sequence[Pull]) -> dict[Asked, Support]:
    """The drags that ask for more or less of each rule, because the present order is not the one they want."""
    asking: dict[Asked, list[Drag]] = {}
    for pull in pulls:
        if pull.violated:
            for rule, share in pull.shares.items():
                asking.setdefault((rule, 1 if share > 0 else -1), []).append(pull.drag)
    return {
        asked: Support(tuple(drag.id for drag in drags), len({drag.day for drag in drags}))
        for asked, drags in asking.items()
    }


def telling(
    ruleset: Ruleset, rules: Mapping[str, Learnable], pulls: Sequence[Pull], undisputed: Mapping[int, Lines]
) -> dict[str, float]:
    """How clearly the drags ask for more of each rule, or below zero for less: in standard errors from what would be
    expected if it were not at fault. `undisputed` are tasks of the queue by id; those in dispute don't count."""
    violated = [pull for pull in pulls if pull.violated]
    if not violated:
        return dict.fromkeys(rules, 0.0)
    near = _NEAR * median(pull.short for pull in violated)
    disputed = {task for pull in violated for task in (pull.drag.above, pull.drag.below)}
    calm = [lines for task, lines in undisputed.items() if task not in disputed]
    sums, squares, count = _differences(ruleset, rules, calm, near)
    found: dict[str, float] = {}
    for rule in rules:
        mean = sum(pull.shares.get(rule, 0.0) for pull in violated) / len(violated)
        usual = sums[rule] / (count + _ASSUMED)
        spread = (squares[rule] + _SPREAD * _ASSUMED) / (count + _ASSUMED) - usual * usual
        # In an undisputed pair the upper task stands above already, in a drag the wanted one below: hence the sum.
        found[rule] = (mean + _DOUBTED * usual) / (max(spread, _LEAST_SPREAD) / len(violated)) ** 0.5
    return found


def _differences(
    ruleset: Ruleset, rules: Mapping[str, Learnable], calm: Sequence[Lines], near: float
) -> tuple[dict[str, float], dict[str, float], int]:
    """The sums of the shares, and of their squares, by which each rule puts one task above another; and of how many
    pairs. Those count whose points differ by at most `near`."""
    sums, squares, count = dict.fromkeys(rules, 0.0), dict.fromkeys(rules, 0.0), 0
    ranked = sorted(((sum(lines.values()), _shares(lines, ruleset, rules)) for lines in calm), key=_points)
    for at, (low, lower) in enumerate(ranked):
        for high, upper in ranked[at + 1 :]:
            if high - low > near:
                break
            if high == low:
                continue
            count += 1
            for rule in upper.keys() | lower.keys():
                share = upper.get(rule, 0.0) - lower.get(rule, 0.0)
                sums[rule] += share
                squares[rule] += share * share
    return sums, squares, count


def _points(ranked: tuple[int, object]) -> int:
    return ranked[0]
