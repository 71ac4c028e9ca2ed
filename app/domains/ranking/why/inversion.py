"""Which moment is needed: the rules inverted exactly, for one fact that is a moment and a goal. Pure.

All rules together, seen as a function of that moment, jump or bend only where a curve over it begins another segment,
or where a condition looks at it. Between two such places all curves over it are straight. Where they lean to one side,
the second at which the goal begins to hold is found by halving; where they lean to both sides, the seconds at which one
of them changes its points are gone through. With business hours it is the same: a later moment never stands further
along a curve than an earlier one.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domains.ranking.curves import Curve, Segment
from app.domains.ranking.facts import FactValue
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.why.changeable import naming

Holds = Callable[[int], bool]
"""Whether a goal holds if the moment is that second (since 1970)."""

_MOST_CHANGES = 3_000
"""Of one curve's points between two places, gone through one by one where curves lean to both sides."""
_LITERAL = re.compile(r"""timestamp\(\s*['"]([^'"]+)['"]\s*\)""")
_DURATION = re.compile(r"""duration\(\s*['"]([0-9]+)(h|m|s)['"]\s*\)""")
_SECONDS = {"h": 3_600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds that may be set, both ends included."""

    first: int
    last: int


class Inversion:
    """One moment among the facts of a task, as of one present."""

    def __init__(
        self, curves: Sequence[Curve], second: int, within: Span, places: Sequence[int], *, even: bool
    ) -> None:
        """`curves` are those over the moment, `places` the seconds at which something else than a curve may change.
        `even` is False where more points of a curve can make fewer points of the sum."""
        self._curves = curves
        self._second = second
        self._even = even
        found = {place for curve in curves for place in self._bends(curve, within)}
        found |= {place + by for place in places for by in (-1, 0)}
        inner = sorted(place for place in found if within.first <= place < within.last)
        self.pieces = list(zip([within.first, *(place + 1 for place in inner)], [*inner, within.last], strict=True))
        """From one second to another, both included; between the two nothing jumps or bends."""

    def latest(self, holds: Holds, before: int | None = None) -> int | None:
        """The last second, before `before` where that is given, for which it holds; None: there is none."""
        for first, last in reversed(self.pieces):
            end = last if before is None else min(last, before - 1)
            if first <= end and (found := self._last_in(holds, first, end)) is not None:
                return found
        return None

    def earliest(self, holds: Holds, after: int) -> int | None:
        """The first second after `after` for which it holds; None: there is none."""
        for first, last in self.pieces:
            begin = max(first, after + 1)
            if begin <= last and (found := self._first_in(holds, begin, last)) is not None:
                return found
        return None

    def holds_throughout(self, holds: Holds, span: Span) -> bool:
        """Whether it holds for every second of the span: asked at the ends of each straight piece of it."""
        for first, last in self.pieces:
            begin, end = max(first, span.first), min(last, span.last)
            asked = [begin, end] if self._lean(begin, end) else [begin, end, *self._changes(begin, end)]
            if begin <= end and not all(map(holds, asked)):
                return False
        return True

    def _last_in(self, holds: Holds, first: int, last: int) -> int | None:
        if holds(last):
            return last
        lean = self._lean(first, last)
        if lean is None:
            return next((end for end in reversed(self._changes(first, last)) if holds(end)), None)
        if lean < 0 or not holds(first):
            return None
        return first + bisect_left(range(first, last), True, key=lambda at: not holds(at)) - 1

    def _first_in(self, holds: Holds, first: int, last: int) -> int | None:
        if holds(first):
            return first
        lean = self._lean(first, last)
        if lean is None:
            return next((end + 1 for end in self._changes(first, last) if holds(end + 1)), None)
        if lean > 0 or not holds(last):
            return None
        return first + bisect_left(range(first, last), True, key=holds)

    def _lean(self, first: int, last: int) -> int | None:
        """1 where an earlier moment never gives less, -1 where a later one never does; None: neither can be said."""
        if not self._even:
            return None
        rises = [self._segment(curve, last).rise for curve in self._curves] if first <= last else []
        signs = {1 if rise > 0 else -1 for rise in rises if rise}
        return None if len(signs) > 1 else next(iter(signs), 1)

    def _segment(self, curve: Curve, at: int) -> Segment:
        position = self._position(curve, at)
        position -= position % curve.step
        return next((each for each in reversed(curve.segments[1:]) if each.start <= position), curve.segments[0])

    def _changes(self, first: int, last: int) -> list[int]:
        """In a piece, the last second before each at which a curve gives something else, in order."""
        found: set[int] = set()
        for curve in self._curves if first <= last else ():
            position, end = self._position(curve, last), self._position(curve, first)
            for _ in range(_MOST_CHANGES):
                following = curve.next_change(position)
                if following is None or following > end:
                    break
                position = following
                found.add(self._last_at(curve, position, first, last))
        return sorted(each for each in found if first <= each < last)

    def _bends(self, curve: Curve, within: Span) -> Iterator[int]:
        """The last second in each segment that can be reached, the segment in which the earliest second lies aside."""
        low, high = self._position(curve, within.last), self._position(curve, within.first)
        for segment in curve.segments:
            start = segment.start + -segment.start % curve.step  # where a curve is read in steps, it begins with one
            if low < start <= high:
                yield self._last_at(curve, start, within.first, within.last)

    def _last_at(self, curve: Curve, position: int, first: int, last: int) -> int:
        """The last second, from `first` to `last`, that stands at `position` or beyond. `first` must."""
        if curve.calendar is None:
            return min(last, self._second - position)
        seconds = range(first, last + 1)
        return first + bisect_left(seconds, True, key=lambda at: self._position(curve, at) < position) - 1

    def _position(self, curve: Curve, at: int) -> int:
        return self._second - at if curve.calendar is None else curve.calendar.elapsed(at, self._second)


def curves_over(fact: str, ruleset: Ruleset) -> list[Curve]:
    """The curves of rules along a moment."""
    curves = [rule.curve for rule in ruleset.rules if isinstance(rule.curve, Curve)]
    return [curve for curve in curves if curve.fact == fact and curve.over != "value"]


def looked_at(fact: str, known: Mapping[str, FactValue], ruleset: Ruleset) -> list[int]:
    """The seconds at which conditions that compare a moment may change: the moments that they compare it with, and
    those by the durations they name away from them. A condition that counts otherwise (days of the week) is not seen:
    what is found stays true, but a later moment may do as well."""
    found: set[int] = set()
    for condition in naming(fact, ruleset):
        moments = [value for name in condition.names - {fact} if isinstance(value := known.get(name), datetime)]
        moments += [at for text in _LITERAL.findall(condition.text) if (at := _moment(text))]
        spans = {0} | {int(size) * _SECONDS[unit] for size, unit in _DURATION.findall(condition.text)}
        found |= {epoch_seconds(at) + way * by for at in moments for by in spans for way in (-1, 1)}
    return sorted(found)


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
