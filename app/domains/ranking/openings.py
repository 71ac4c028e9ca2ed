"""When a week of opening hours is open in its time zone: tables by year, counted and searched by bisection.

A second is open where the clock on the wall of the zone stands within one of that weekday's spans, and the
wall's day is not closed. Hours that daylight saving doubles therefore count twice, hours and days that a
zone skips count nothing, and 09:00-17:00 is eight hours whatever happens in the night.

Everything is whole seconds since 1970 (UTC), from 1970 to the end of 2200; outside it nothing is open.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2200

Span: TypeAlias = tuple[int, int]

_DAY = 86_400
_THURSDAY = 3  # 1970-01-01
_EPOCH = date(1970, 1, 1).toordinal()
_YEARS = [(date(year, 1, 1).toordinal() - _EPOCH) * _DAY for year in range(FIRST_YEAR, LAST_YEAR + 2)]
_BEGIN, _END = _YEARS[0], _YEARS[-1]


class Table(NamedTuple):
    """What is open from `begin` to `end`, both the beginnings of years."""

    begin: int
    end: int
    starts: "array[int]"
    """Of the open spans, in order."""
    before: "array[int]"
    """Open seconds before each start, and at last before the end; zero stays where it is as a table grows."""

    def count(self, second: int) -> int:
        at = bisect_right(self.starts, second) - 1
        if at < 0:
            return self.before[0]
        return min(self.before[at] + second - self.starts[at], self.before[at + 1])

    def followed_by(self, later: "Table") -> "Table":
        return Table(self.begin, later.end, self.starts + later.starts, self.before[:-1] + later.before)


class Openings:
    """Counts open seconds. The years asked for are tabled once; a table is replaced whole and never changed,
    so threads may share an instance: at worst two of them table the same year."""

    def __init__(self, zone: str, hours: Mapping[int, Sequence[Span]], closed: Collection[date]) -> None:
        """Hours by weekday, 0 for Monday, in minutes of the day on the wall, in order. Raises KeyError for a
        zone that is unknown."""
        self._zone = ZoneInfo(zone)
        self._week = [[(60 * begin, 60 * end) for begin, end in hours.get(day, ())] for day in range(7)]
        self._closed = {day.toordinal() - _EPOCH for day in closed}
        self._table: Table | None = None

    def elapsed(self, start: int, end: int) -> int:
        """Open seconds from `start` to `end`; negative where `end` is the earlier one."""
        table = self._table
        if table is None or not (table.begin <= start <= table.end and table.begin <= end <= table.end):
            start, end = min(max(start, _BEGIN), _END), min(max(end, _BEGIN), _END)
            table = self._covering(min(start, end), max(start, end))
        return table.count(end) - table.count(start)

    def after(self, start: int, seconds: int) -> int | None:
        """The earliest second t with `elapsed(start, t) == seconds`; None where there is none.

        Where nothing is open before t at all, it is the first second of 1970.
        """
        if not any(self._week) or abs(seconds) > _END - _BEGIN:
            return None
        start = min(max(start, _BEGIN), _END)
        table = self._covering(start, start)
        target = table.count(start) + seconds
        while target > table.before[-1] and table.end < _END:
            table = self._covering(table.begin, table.end, table)
        while target <= table.before[0] and table.begin > _BEGIN:
            table = self._covering(table.begin - 1, table.end - 1, table)
        if not table.before[0] < target <= table.before[-1]:
            return _BEGIN if target == table.before[0] else None
        at = bisect_left(table.before, target) - 1
        return table.starts[at] + target - table.before[at]

    def _covering(self, low: int, high: int, table: Table | None = None) -> Table:
        """The table, or the one kept, with the years of both seconds added; kept in turn.

        Whoever holds a count passes its table: another thread may have kept one with another zero.
        """
        begin, end = _year(low)[0], _year(high)[1]
        table = table or self._table or self._years(begin, end)
        if end > table.end:
            table = table.followed_by(self._years(table.end, end, after=table.before[-1]))
        if begin < table.begin:
            table = self._years(begin, table.begin, until=table.before[0]).followed_by(table)
        self._table = table
        return table

    def _years(self, begin: int, end: int, *, after: int = 0, until: int | None = None) -> Table:
        """Counted on from `after`, or so that the count ends at `until`."""
        spans = list(self._spans(begin, end))
        count = after if until is None else until - sum(closes - opens for opens, closes in spans)
        starts, before, closed = array("q"), array("q"), -1
        for opens, closes in spans:
            if opens != closed:
                starts.append(opens)
                before.append(count)
            count += closes - opens
            closed = closes
        before.append(count)
        return Table(begin, end, starts, before)

    def _spans(self, begin: int, end: int) -> Iterator[Span]:
        """What is open, in order; one may begin where the one before it ends."""
        for since, until, offset in _stretches(self._zone, begin, end):
            for day in range((since + offset) // _DAY, (until + offset - 1) // _DAY + 1):
                if day in self._closed:
                    continue
                midnight = day * _DAY - offset
                for from_, to in self._week[(day + _THURSDAY) % 7]:
                    opens, closes = max(midnight + from_, since), min(midnight + to, until)
                    if opens < closes:
                        yield opens, closes


def _year(second: int) -> Span:
    """The year in which it lies, its end not included; of the very end, the last year."""
    at = bisect_right(_YEARS, second, hi=len(_YEARS) - 1)
    return _YEARS[at - 1], _YEARS[at]


def _stretches(zone: ZoneInfo, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """From, to and the zone's offset from UTC, anew wherever that changes.

    Looks once a day: the two changes nearest to each other since 1970, of all zones, are a week apart.
    """
    since, offset = begin, _offset(zone, begin)
    for day in range(begin, end, _DAY):
        if _offset(zone, day + _DAY) != offset:
            change = day + bisect_left(range(day, day + _DAY), True, key=partial(_differs, zone, offset))
            yield since, change, offset
            since, offset = change, _offset(zone, change)
    yield since, end, offset


def _differs(zone: ZoneInfo, offset: int, second: int) -> bool:
    return _offset(zone, second) != offset


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return offset.days * _DAY + offset.seconds if offset else 0
