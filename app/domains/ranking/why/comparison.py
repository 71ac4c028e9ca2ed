"""Why one task stands above another: what decides it, and line by line what each has that the other has not.

Pure. The differences of the lines add up exactly to the difference of the points, as the lines of a score add up to
its points. Both scores must be of one ruleset, and of one moment, to say anything.

The sentence tells less: where the bounds of a group of rules cut what it gives to one of the two, all of it is one
item. Two tasks that both reach a cap would else differ by large lines, and by nothing in sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from app.domains.ranking.explanation import Contribution, OrderKey, Points, Score, Tier
from app.domains.ranking.reasons import words
from app.domains.ranking.rules import Group, Ruleset

Decider: TypeAlias = Literal["tier", "points", "due", "age", "id"]

_DECIDERS: tuple[Decider, ...] = ("tier", "points", "due", "due", "age", "age", "id")
"""What each place of an order key stands for."""
_CUT = "group:"
"""What stands before the id of a group in the name of the line that its bounds cut."""
_TOLD = 3
"""So many items stand in the sentence."""
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
class _Item:
    """What the sentence calls one thing: a line, or all lines of a group."""

    title: str
    points: Points
    """What the task that stands above has more by it; below zero where the other has more."""
    lines: int

    @property
    def size(self) -> Points:
        return max(self.points, -self.points)


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
    a: Score,
    b: Score,
    key_a: OrderKey,
    key_b: OrderKey,
    *,
    named: tuple[str, str] | None = None,
    ruleset: Ruleset | None = None,
) -> Comparison:
    """The order of two tasks, whose keys are those of `order_key`. `named` says how the sentence calls them, `ruleset`
    which rules are one group; without it, each line is told alone.

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
        items = _items(lines, 1 if a_above else -1, _groups(ruleset) if ruleset else {})
        why = f"by {counted(high.points - low.points)}: {_told(items)}"
    else:
        why = f"with the same {counted(a.points)}: {_tie(by, first, second, key_a, key_b)}"
    return Comparison(
        above="a" if a_above else "b",
        by=by,
        difference=a.points - b.points,
        lines=lines,
        sentence=f"{first} stands above {second} {why}.",
    )


def number(points: Points) -> str:
    """Points as people write them: without zeros that say nothing."""
    text = f"{points:f}" if isinstance(points, Decimal) else str(points)
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(points: Points) -> str:
    """«1 point», «12 points»."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"


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


def _groups(ruleset: Ruleset) -> Mapping[str, Group]:
    """The group of each line that has one: of its rules, and of what its bounds cut."""
    found = {rule.id: ruleset.groups[rule.group] for rule in ruleset.rules if rule.group is not None}
    return found | {f"{_CUT}{group.id}": group for group in ruleset.groups.values()}


def _items(lines: Sequence[Difference], sign: int, groups: Mapping[str, Group]) -> list[_Item]:
    """What differs, from the largest to the smallest; what is the same in sum is left out. Where nothing is cut, and
    where a line differs alone in its group, it is called by its own name."""
    cut = {groups[line.rule].id for line in lines if line.rule.startswith(_CUT) and line.rule in groups}
    together: dict[str, list[Difference]] = {}
    for line in lines:
        if line.difference:
            group = groups.get(line.rule)
            of = f"{_CUT}{group.id}" if group and group.id in cut else line.rule
            together.setdefault(of, []).append(line)
    found = []
    for some in together.values():
        first = some[0]
        title = first.title if len(some) == 1 else groups[first.rule].title
        found.append(_Item(title, sum((sign * line.difference for line in some), start=0), len(some)))
    return sorted((item for item in found if item.points), key=lambda item: item.size, reverse=True)


def _told(items: Sequence[_Item]) -> str:
    """The largest items: first what speaks for the task that stands above, then what speaks against it."""
    said = [(item.points, item.title) for item in items[:_TOLD]]
    if rest := items[_TOLD:]:
        left, count = sum((item.points for item in rest), start=0), sum(item.lines for item in rest)
        said.append((left, f"in {count} smaller {'line' if count == 1 else 'lines'}"))
    said.sort(key=lambda each: each[0] < 0)
    return ", ".join(f"{signed(points)} {title}" for points, title in said)


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
