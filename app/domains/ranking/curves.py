"""Piecewise linear curves with steps: how points depend on a moment, a clock or a number.

Everything is an integer: positions are whole seconds (or the number's own steps), points are whole
multiples of the ruleset's resolution. A value between two of those is rounded half away from zero, so
that a malus is the exact mirror of the same bonus. Integers make `next_change` exact: it solves for
the second instead of searching for it.

Positions grow with time: seconds since the moment, negative before it. At a step the later side holds:
a step at 24 hours to the deadline holds from exactly 24 hours on. What a position is, and when it will be
reached, is the matter of measures.py.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from app.domains.ranking.calendars import Calendar
from app.domains.ranking.facts import FactValue
from app.domains.ranking.measures import position_of, position_of_number, second_of
from app.domains.ranking.reasons import Template

Over: TypeAlias = Literal[
    "hours_to", "hours_since", "business_hours_to", "business_hours_since", "running", "share_of", "value"
]
"""What a curve runs along: hours to or since a moment (by the wall or in business hours), the hours that a clock has
run, the share of a target that it has used up, or a number."""


class Reading(NamedTuple):
    """What a curve gives at one position. `say` is None where the rule's own sentence holds."""

    units: int
    say: Template | None


NOTHING = Reading(0, None)


@dataclass(frozen=True, slots=True)
class Point:
    """A corner of a curve. Two points at one position are a step."""

    position: int
    units: int
    say: Template | None = None
    """The sentence from here on, until a later point has its own."""


@dataclass(frozen=True, slots=True)
class Slope:
    """How a curve goes on after its last point: `units` more with every `run` positions."""

    units: int
    run: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece: from `start` (included) to `end` (not included; None: for ever)."""

    start: int
    end: int | None
    units: int
    rise: int
    run: int
    say: Template | None

    def rounded(self, position: int) -> int:
        exact = self.units * self.run + self.rise * (position - self.start)
        if exact >= 0:
            return (2 * exact + self.run) // (2 * self.run)
        return -((self.run - 2 * exact) // (2 * self.run))

    def leaves(self, units: int) -> int | None:
        """The first position whose rounded value has moved on from `units`, as if there were no end."""
        if self.rise == 0:
            return None
        sign = 1 if self.rise > 0 else -1  # a falling piece is the mirror of a rising one
        target = sign * units + 1
        # Halves round away from zero: half below the target is enough above zero, not below it.
        need = (2 * target - 1) * self.run - 2 * sign * self.units * self.run + (target <= 0)
        return self.start - (-need // (2 * abs(self.rise)))


@dataclass(frozen=True, slots=True)
class Curve:
    """Points over a fact. Constant before its first point, and after its last unless `then` says more."""

    over: Over
    fact: str
    points: tuple[Point, ...]
    then: Slope | None = None
    scale: int = 1
    """Positions in one of the number's units: 1000 for a double. Time is always in seconds."""
    step: int = 1
    """Positions are rounded down to whole multiples of it before the curve is read: 86,400 counts whole days."""
    calendar: Calendar | None = None
    """Whose working hours count; None: every hour does."""
    is_plain: bool = field(init=False, repr=False, compare=False)
    """Along the hours by the wall, to or since a moment: what most curves are, and is told apart to be quick."""
    segments: tuple[Segment, ...] = field(init=False, repr=False, compare=False)
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        segments = tuple(_segments(self.points, self.then))
        object.__setattr__(self, "segments", segments)
        object.__setattr__(self, "is_plain", self.over in ("hours_to", "hours_since"))
        object.__setattr__(self, "_starts", tuple(segment.start for segment in segments[1:]))

    def position(self, value: FactValue, second: int) -> int | None:
        """Where on the curve the fact's value stands at `second` (since 1970); None for a value that can't."""
        if self.over == "value":
            return position_of_number(value, self.scale)
        return position_of(value, second, self.calendar)

    def second(self, value: FactValue, position: int) -> int | None:
        """The first second at which the value stands at `position` or beyond; None: never."""
        return None if self.over == "value" else second_of(value, position, self.calendar)

    def at(self, position: int) -> Reading:
        return self._smooth(position - position % self.step if self.step > 1 else position)

    def next_change(self, position: int, before: Reading | None = None) -> int | None:
        """The first later position at which points or sentence differ; None: never.

        `before` is what the curve gives at `position`, where the caller has it already.
        """
        if before is None:
            before = self.at(position)
        if self.step == 1:
            return self._leaves(position, before)
        found = self._leaves(position - position % self.step, before)
        while found is not None:
            found += -found % self.step  # up to the next whole multiple, where it is read again
            if self.at(found) != before:
                return found
            found = self._leaves(found, before)
        return None

    def _leaves(self, position: int, before: Reading) -> int | None:
        """As `next_change`, read at every position instead of at whole steps."""
        for segment in self.segments[bisect_right(self._starts, position) :]:
            leaves = segment.leaves(before.units)
            if leaves is not None and (segment.end is None or leaves < segment.end):
                return leaves
            if segment.end is None:
                return None
            if self._smooth(segment.end) != before:
                return segment.end
        return None

    def _smooth(self, position: int) -> Reading:
        segment = self.segments[bisect_right(self._starts, position)]
        units = segment.rounded(position)
        return Reading(units, segment.say) if units else NOTHING


def _segments(points: Sequence[Point], then: Slope | None) -> list[Segment]:
    first = points[0]
    segments = [Segment(first.position, first.position, first.units, 0, 1, None)]
    say = None
    for point, following in pairwise(points):
        say = point.say or say
        if run := following.position - point.position:
            rise = following.units - point.units
            segments.append(Segment(point.position, following.position, point.units, rise, run, say))
    last = points[-1]
    rise, run = (then.units, then.run) if then else (0, 1)
    return [*segments, Segment(last.position, None, last.units, rise, run, last.say or say)]
