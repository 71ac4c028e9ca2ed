"""Piecewise linear curves with steps: how points depend on a moment or on a number.

Everything is an integer: positions are whole seconds (or the number's own steps), points are whole
multiples of the ruleset's resolution. A value between two of those is rounded half away from zero, so
that a malus is the exact mirror of the same bonus. Integers make `next_change` exact: it solves for
the second instead of searching for it.

Positions grow with time: seconds since the moment, negative before it. At a step the later side holds:
a step at 24 hours to the deadline holds from exactly 24 hours on.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from app.domains.ranking.reasons import Template

Over: TypeAlias = Literal["hours_to", "hours_since", "value"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


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
    segments: tuple[Segment, ...] = field(init=False, repr=False, compare=False)
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        segments = tuple(_segments(self.points, self.then))
        object.__setattr__(self, "segments", segments)
        object.__setattr__(self, "_starts", tuple(segment.start for segment in segments[1:]))

    def at(self, position: int) -> Reading:
        segment = self.segments[bisect_right(self._starts, position)]
        units = segment.rounded(position)
        return Reading(units, segment.say) if units else NOTHING

    def next_change(self, position: int, before: Reading | None = None) -> int | None:
        """The first later position at which points or sentence differ; None: never.

        `before` is what the curve gives at `position`, where the caller has it already.
        """
        if before is None:
            before = self.at(position)
        for segment in self.segments[bisect_right(self._starts, position) :]:
            leaves = segment.leaves(before.units)
            if leaves is not None and (segment.end is None or leaves < segment.end):
                return leaves
            if segment.end is None:
                return None
            if self.at(segment.end) != before:
                return segment.end
        return None


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


def epoch_seconds(moment: datetime) -> int:
    """Whole seconds since 1970, the rest cut off."""
    return (moment - EPOCH) // _SECOND


def moment(seconds: int) -> datetime | None:
    """The UTC moment, or None where the calendar has ended: for us, never."""
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
