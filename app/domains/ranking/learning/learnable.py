"""Which numbers of a ruleset may be learned from people, and how far each may go. Pure.

Only what gives points is learned: a rule that takes points away, or a bound, an override or what waits for a task,
could hide work, and stays as people wrote it. Numbers stand here in thousandths of a point, whatever the resolution.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, TypeAlias

from app.domains.ranking.curves import Curve
from app.domains.ranking.documents.document import RESERVED_GROUP
from app.domains.ranking.rules import Rule, Ruleset, Share

Numbers: TypeAlias = tuple[int, ...]
"""What a rule gives: its fixed points alone, or the points of all corners of its curve."""
Field: TypeAlias = Literal["points", "curve.points"]

STEP = Fraction(1, 5)
"""A proposal changes no number by more than this share of it; by one unit of the resolution it always may."""
LOWEST, HIGHEST = Fraction(1, 2), Fraction(3, 2)
"""All proposals together keep a number between these shares of what people themselves wrote."""


@dataclass(frozen=True, slots=True)
class Learnable:
    """A rule that may be learned: what it says now, and what people wrote before anything was learned."""

    rule: str
    title: str
    field: Field
    now: Numbers
    origin: Numbers
    unit: int
    """The resolution."""

    @property
    def peak(self) -> int:
        """The most it gives."""
        return max(self.now)

    @property
    def reach(self) -> tuple[int, int]:
        """How low and how high its peak may go in one proposal."""
        at = self.now.index(self.peak)
        return self._bounds(self.now[at], self.origin[at])

    def at_peak(self, peak: float) -> Numbers:
        """All its numbers in proportion to another peak, each rounded to the resolution and held to its bounds."""
        share = Fraction(peak) / self.peak
        return tuple(self._held(now, origin, share) for now, origin in zip(self.now, self.origin, strict=True))

    def _held(self, now: int, origin: int, share: Fraction) -> int:
        if not now:
            return 0
        low, high = self._bounds(now, origin)
        return min(max(round(now * share / self.unit) * self.unit, low), high)

    def _bounds(self, now: int, origin: int) -> tuple[int, int]:
        step = max(int(now * STEP) // self.unit * self.unit, self.unit)
        least = -int(-origin * LOWEST // self.unit) * self.unit
        most = int(origin * HIGHEST // self.unit) * self.unit
        low, high = max(now - step, least, self.unit), min(now + step, most)
        return min(low, now), max(high, now)


def unit_of(ruleset: Ruleset) -> int:
    """Its resolution, in thousandths of a point."""
    return int(ruleset.resolution * 1000)


def numbers_of(rule: Rule, unit: int) -> Numbers:
    """What a rule says of points."""
    if rule.curve is None:
        return (rule.units * unit,)
    return tuple(point.units * unit for point in _one(rule.curve).points)


def field_of(rule: Rule) -> Field:
    return "points" if rule.curve is None else "curve.points"


def learnable(ruleset: Ruleset, origins: Mapping[str, Numbers]) -> dict[str, Learnable]:
    """The rules that may be learned, by id in the ruleset's order. `origins` is what people wrote of those that were
    learned before; what does not fit the rule any more is passed over."""
    unit = unit_of(ruleset)
    found: dict[str, Learnable] = {}
    for rule in ruleset.rules:
        if not _gives_only(rule):
            continue
        now = numbers_of(rule, unit)
        origin = origins.get(rule.id, now)
        if [number > 0 for number in origin] != [number > 0 for number in now]:
            origin = now
        found[rule.id] = Learnable(rule.id, rule.title, field_of(rule), now, origin, unit)
    return found


def _gives_only(rule: Rule) -> bool:
    """Never below zero, and somewhere above it."""
    if rule.group == RESERVED_GROUP:
        return False
    if rule.curve is None:
        return rule.units > 0
    curve = _one(rule.curve)
    units = [point.units for point in curve.points]
    return min(units) >= 0 and max(units) > 0 and (curve.then is None or curve.then.units >= 0)


def _one(curve: Curve | Share) -> Curve:
    """Of a share's curves, which differ in where their corners stand, the first."""
    return next(iter(curve.curves.values())) if isinstance(curve, Share) else curve


def changed(ruleset: Ruleset, numbers: Mapping[str, Numbers]) -> Ruleset:
    """The ruleset with other numbers in some of its rules."""
    unit = unit_of(ruleset)
    return replace(ruleset, rules=tuple(_with(rule, numbers.get(rule.id), unit) for rule in ruleset.rules))


def _with(rule: Rule, numbers: Numbers | None, unit: int) -> Rule:
    if numbers is None:
        return rule
    units = [number // unit for number in numbers]
    if rule.curve is None:
        return replace(rule, units=units[0])
    if isinstance(rule.curve, Share):
        curves = {target: _corners(curve, units) for target, curve in rule.curve.curves.items()}
        return replace(rule, curve=replace(rule.curve, curves=curves))
    return replace(rule, curve=_corners(rule.curve, units))


def _corners(curve: Curve, units: Sequence[int]) -> Curve:
    points = (replace(point, units=given) for point, given in zip(curve.points, units, strict=True))
    return replace(curve, points=tuple(points))


def turning(ruleset: Ruleset, numbers: Mapping[str, Numbers]) -> set[str]:
    """Of the rules in `numbers` those that would turn round what rose or fell steadily: their own curve, or what it and
    the other curves along the same moment give together. A nearer deadline must never give less."""
    after = changed(ruleset, numbers)
    turned: set[str] = set()
    for before, then in zip(_families(ruleset), _families(after), strict=True):
        own = {rule.id for rule in before} & numbers.keys()
        if own and not _ways(before) <= _ways(then):
            turned |= own
    return turned


def _families(ruleset: Ruleset) -> Iterator[list[Rule]]:
    """Rules whose curves run along the same and add up, because none has a condition; and each other one alone."""
    together: dict[object, list[Rule]] = {}
    for rule in ruleset.rules:
        if rule.curve is None:
            continue
        curve = _one(rule.curve)
        alone = rule.condition is not None or isinstance(rule.curve, Share)
        calendar = curve.calendar and curve.calendar.name
        key = rule.id if alone else (curve.over, curve.fact, calendar, curve.step, curve.scale)
        together.setdefault(key, []).append(rule)
    yield from together.values()


def _ways(rules: Sequence[Rule]) -> set[int]:
    """1 where what they give together never falls as time goes on, -1 where it never rises; both where it is level."""
    curves = [_one(rule.curve) for rule in rules if rule.curve is not None]
    places = sorted({point.position for curve in curves for point in curve.points})
    sums = [sum(each) for place in places for each in zip(*(_around(curve, place) for curve in curves), strict=True)]
    steps = [other - one for one, other in pairwise(sums)]
    return {way for way in (1, -1) if all(step * way >= 0 for step in steps)}


def _around(curve: Curve, place: int) -> tuple[Fraction, Fraction]:
    """What a curve gives just before a place and at it."""
    return _exact(curve, place, before=True), _exact(curve, place, before=False)


def _exact(curve: Curve, place: int, *, before: bool) -> Fraction:
    """Without rounding."""
    passed = [point for point in curve.points if point.position < place or (point.position == place and not before)]
    ahead = curve.points[len(passed) :]
    if not passed:
        return Fraction(ahead[0].units)
    last = passed[-1]
    if ahead:
        rise = Fraction(ahead[0].units - last.units, ahead[0].position - last.position)
    else:
        rise = Fraction(curve.then.units, curve.then.run) if curve.then else Fraction(0)
    return last.units + rise * (place - last.position)
