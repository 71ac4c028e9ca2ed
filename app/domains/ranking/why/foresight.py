"""When a task will stand first, if nothing changes but the time: its course beside those of others. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.domains.ranking.explanation import TIER_ORDER, Tail
from app.domains.ranking.why.course import Course

TOP = 10
"""How many tasks are the first ones."""
_OWN = -1


@dataclass(frozen=True, slots=True)
class Contender:
    """A task in the order of the queue: its course, and what follows tier and points in its order key, which stays."""

    course: Course
    tail: Tail

    def at(self, units: int) -> tuple[Any, ...]:
        """Its order key with so many units."""
        return TIER_ORDER[self.course.tier], -units, *self.tail


@dataclass(frozen=True, slots=True)
class Foresight:
    """A task's place among those it was compared with. Seconds since 1970; None: not before `until`."""

    ranks: tuple[tuple[int, int], ...]
    """(second, place from then on): the present place first, then every change of it."""
    until: int
    """Up to here the courses of all are known."""

    @property
    def first_at(self) -> int | None:
        return self.within(1)

    @property
    def top_ten_at(self) -> int | None:
        return self.within(TOP)

    def within(self, place: int) -> int | None:
        """The first second at which it stands at `place` or before it."""
        return next((second for second, rank in self.ranks if rank <= place), None)

    def beyond(self, place: int) -> int | None:
        """The first second at which it stands behind `place`."""
        return next((second for second, rank in self.ranks if rank > place), None)

    def rank_at(self, second: int) -> int:
        """Its place at a second not before the present."""
        return [rank for at, rank in self.ranks if at <= second][-1]


def foresee(own: Contender, others: Sequence[Contender]) -> Foresight:
    """How the place of `own` changes. All courses must begin at the same second and be of the same ruleset."""
    until = min([own.course.until, *(each.course.until for each in others)])
    units = [each.course.moments[0].units for each in others]
    mine = own.at(own.course.moments[0].units)
    above = [other.at(units[index]) < mine for index, other in enumerate(others)]
    count = sum(above)
    ranks = [(own.course.moments[0].second, count + 1)]
    for second, changes in groupby(_changes(own, others, until), key=itemgetter(0)):
        moved: set[int] = set()
        for _, who, now in changes:
            if who == _OWN:
                mine = own.at(now)
                moved.update(range(len(others)))
            else:
                units[who] = now
                moved.add(who)
        for index in moved:
            stands_above = others[index].at(units[index]) < mine
            count += stands_above - above[index]
            above[index] = stands_above
        if count + 1 != ranks[-1][1]:
            ranks.append((second, count + 1))
    return Foresight(tuple(ranks), until)


def _changes(own: Contender, others: Sequence[Contender], until: int) -> Iterator[tuple[int, int, int]]:
    """(second, whose, units from then on) in the order of time."""
    found = [(at.second, _OWN, at.units) for at in own.course.moments[1:]]
    found += [(at.second, who, at.units) for who, other in enumerate(others) for at in other.course.moments[1:]]
    return iter(sorted(each for each in found if each[0] <= until))
