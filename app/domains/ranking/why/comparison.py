"""Why one task stands above another: what decides it, and line by line what each has that the other has not.

Pure. The differences of the lines add up exactly to the difference of the points, as the lines of a score add up to
its points. Both scores must be of one ruleset, and of one moment, to say anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from app.domains.ranking.explanation import Contribution, OrderKey, Points, Score, Tier
from app.domains.ranking.reasons import words

Decider: TypeAlias = Literal["tier", "points", "due", "age", "id"]

_DECIDERS: tuple[Decider, ...] = ("tier", "points", "due", "due", "age", "age", "id")
"""What each place of an order key stands for."""
_TOLD = 3
"""So many lines stand in the sentence."""
_TIER_SAID: dict[Tier, str] = {"pinned": "is pinned", "normal": "is neither pinned nor held", "held": "is held back"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule, and what it gives to each of the two; `because` is None where it gives nothing."""

    rule: str
    title: str
    a_points: Points
    b_points: Points
    because_a: str | None
    because_b: str | None

    @property
    def difference(self) -> Points:
        """What `a` has more by this rule; below zero where `b` has more."""
        return self.a_points - self.b_points

    @property
    def size(self) -> Points:
        """The difference, whichever side it is on."""
        return max(self.difference, -self.difference)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which of two tasks stands above, and by what."""

    above: Literal["a", "b"]
    by: Decider
    """The first that differs, in this order: tier, points, due, age, id."""
    difference: Points
    """The points of `a` less those of `b`: what the differences of the lines add up to."""
    lines: tuple[Difference, ...]
    """From the largest difference to the smallest, whichever side it is on; rules that give both the same come last."""
    sentence: str


def compare(
    a: Score, b: Score, key_a: OrderKey, key_b: OrderKey, *, named: tuple[str, str] | None = None
) -> Comparison:
    """The order of two tasks, whose keys are those of `order_key`. `named` says how the sentence calls them.

    Raises ValueError for the same task twice.
    """
    if key_a[-1] == key_b[-1]:
        raise ValueError(f"task {key_a[-1]} can't be compared with itself")
    lines = _lines(a.contributions, b.contributions)
    by = next(_DECIDERS[at] for at, (mine, other) in enumerate(zip(key_a, key_b, strict=True)) if mine != other)
    a_above = key_a < key_b
    called = (f"“{words(named[0])}”", f"“{words(named[1])}”") if named else (f"Task {key_a[-1]}", f"Task {key_b[-1]}")
    high, low = (a, b) if a_above else (b, a)
    first, second = called if a_above else (called[1], called[0])
    if by == "tier":
        why = _by_tier(first, second, high.tier, low.tier)
    elif by == "points":
        why = f"by {number(high.points - low.points)} points: {_told(lines, 1 if a_above else -1)}"
    else:
        why = f"with the same {number(a.points)} points: {_tie(by, first, second, key_a, key_b)}"
    return Comparison(
        above="a" if a_above else "b",
        by=by,
        difference=a.points - b.points,
        lines=lines,
        sentence=f"{first} stands above {second} {why}",
    )


def number(points: Points) -> str:
    """Points as people write them: without zeros that say nothing."""
    text = f"{points:f}" if isinstance(points, Decimal) else str(points)
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(points: Points) -> str:
    """«+30», «-18»."""
    return number(points) if points < 0 else f"+{number(points)}"


def _lines(a: Sequence[Contribution], b: Sequence[Contribution]) -> tuple[Difference, ...]:
    """In the order of the rules where differences are equal: as they stand in `a`, then what only `b` has."""
    ours = {line.rule: line for line in a}
    others = {line.rule: line for line in b}
    lines = [_difference(ours.get(rule), others.get(rule)) for rule in dict.fromkeys((*ours, *others))]
    lines.sort(key=lambda line: line.size, reverse=True)
    return tuple(lines)


def _difference(a: Contribution | None, b: Contribution | None) -> Difference:
    one = a or b
    assert one is not None  # noqa: S101 - for the type checker: the rule stands in one of the two
    return Difference(
        rule=one.rule,
        title=one.title,
        a_points=a.points if a else 0,
        b_points=b.points if b else 0,
        because_a=a.because if a else None,
        because_b=b.because if b else None,
    )


def _told(lines: Sequence[Difference], sign: int) -> str:
    """The largest differences, as the task that stands above has them."""
    differing = [line for line in lines if line.difference]
    said = [f"{signed(sign * line.difference)} {line.title}" for line in differing[:_TOLD]]
    if rest := differing[_TOLD:]:
        left = sum((sign * line.difference for line in rest), start=0)
        said.append(f"{signed(left)} in {len(rest)} smaller {'line' if len(rest) == 1 else 'lines'}")
    return ", ".join(said)


def _by_tier(first: str, second: str, high: Tier, low: Tier) -> str:
    """A tier that is not normal is said of the task that is in it."""
    if high == "normal":
        return f"because {second} {_TIER_SAID[low]}"
    return f"because {first} {_TIER_SAID[high]}"


def _tie(by: Decider, first: str, second: str, *keys: OrderKey) -> str:
    if by == "due":
        return f"{second} has no due date" if any(key[2] for key in keys) else f"{first} is due earlier"
    if by == "age":
        return f"nobody knows how old {second} is" if any(key[4] for key in keys) else f"{first} is older"
    return f"{first} has the lower number"
