"""Days as numbers and as reckoned from another day. Nothing in here reads words."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domains.reading.deadlines.vocabulary import FRIDAY

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})")
_FRACTIONS = {"1/2", "1/3", "1/4", "2/3", "3/4", "24/7", "9/11"}

_NEAR_FUTURE = timedelta(days=335)
"""A date without a year is meant within 11 months, or we don't know which year is meant."""

_OFFICES_CLOSE = time(17)

CERTAIN, LIKELY, GUESSED = 100, 80, 60
"""How sure the reading of a day is, in points."""


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    certainty: int = CERTAIN


@dataclass(frozen=True, slots=True)
class Base:
    """What relative words are relative to."""

    at: datetime | None
    past: bool = False
    """The text says that the day is gone: "was due Friday"."""

    @property
    def today(self) -> date | None:
        return self.at.date() if self.at else None

    @property
    def month_first(self) -> bool:
        """Whether the sender's offset is one of the United States: they write the month first."""
        offset = self.at.utcoffset() if self.at else None
        return offset is not None and timedelta(hours=-10) <= offset <= timedelta(hours=-4)


def made(year: int, month: int, day: int) -> date | None:
    """None where there is no such day, or no deadline can be meant so far away."""
    if not 1970 <= year <= 2200:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def numeric(word: str, base: Base) -> Day | None:
    """«2026-10-03», «3.10.2026», «10/03/2026», «10/3»."""
    if match := _YEAR_FIRST.fullmatch(word):
        return _day(made(int(match[1]), int(match[3]), int(match[4])))
    if match := _YEAR_LAST.fullmatch(word):
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        return _either_order(int(match[1]), int(match[3]), year, base, dotted=match[2] == ".")
    if word not in _FRACTIONS and (match := _NO_YEAR.fullmatch(word)):
        return _either_order(int(match[1]), int(match[2]), None, base, dotted=False)
    return None


def _day(on: date | None, certainty: int = CERTAIN) -> Day | None:
    return Day(on, certainty) if on else None


def _either_order(first: int, second: int, year: int | None, base: Base, *, dotted: bool) -> Day | None:
    """Impossible values decide, then the dot (day first everywhere), then where the sender lives."""
    if first > 12 or second > 12 or first == second or dotted:
        month_first = second > 12 and not dotted
        certainty = CERTAIN
    else:
        month_first, certainty = base.month_first, GUESSED
    month, day = (first, second) if month_first else (second, first)
    return _day(made(year, month, day) if year else nearest(month, day, base), certainty)


def nearest(month: int, day: int, base: Base) -> date | None:
    """The day without a year: the next such day within 11 months, or the last one where it's past."""
    if base.today is None:
        return None
    years = (base.today.year - 1, base.today.year, base.today.year + 1)
    days = [on for year in years if (on := made(year, month, day))]
    if base.past:
        return max((on for on in days if on <= base.today), default=None)
    return next((on for on in days if base.today <= on <= base.today + _NEAR_FUTURE), None)


def weekday(number: int, base: Base, *, which: str = "") -> date | None:
    """The next such day, today included; `next` is in the week after this one, `last` the one before today."""
    if base.today is None:
        return None
    ahead = (number - base.today.weekday()) % 7
    if which == "next":
        return monday(base.today) + timedelta(days=7 + number)
    if which == "last" or base.past:
        return base.today - timedelta(days=(base.today.weekday() - number - 1) % 7 + 1)
    return base.today + timedelta(days=ahead)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_of_month(number: int, base: Base, *, months: int | None = None) -> date | None:
    """«The 15th»: the next one, or that of the month so many months on."""
    today = base.today
    if today is None:
        return None
    if months is None:
        months = 0 if number >= today.day else 1
        months = -1 if base.past and number > today.day else 0 if base.past else months
    year, month = _months_on(today, months)
    return made(year, month, number)


def _months_on(day: date, months: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def end_of(period: str, base: Base, *, later: int = 0) -> date | None:
    """The last working day of this week, or the last day of the month, quarter or year; `later` counts on.

    On a Friday evening what is left of this week is its weekend, and on a weekend people mean the week that comes.
    """
    today = base.today
    if base.at is None or today is None:
        return None
    if period in {"week", "workweek"}:
        if today.weekday() == FRIDAY and base.at.time() >= _OFFICES_CLOSE and later == 0:
            return today + timedelta(days=2)
        weekend = 1 if today.weekday() > FRIDAY and later == 0 else 0
        return monday(today) + timedelta(days=7 * (later + weekend) + FRIDAY)
    if period == "month":
        return _last_day(*_months_on(today, later))
    if period == "quarter":
        return _last_day(*_months_on(today, 2 - (today.month - 1) % 3 + 3 * later))
    if period == "year":
        return date(today.year + later, 12, 31)
    return today + timedelta(days=later)


def end_of_month(month: int, year: int | None, base: Base) -> date | None:
    if year is not None:
        return _last_day(year, month)
    if base.today is None:
        return None
    on = _last_day(base.today.year + (0 if month >= base.today.month else 1), month)
    return on if on <= base.today + _NEAR_FUTURE else None


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def working_days_on(start: date, days: int) -> date:
    """So many working days later, weekends left out. Holidays are not known."""
    day = start
    for _ in range(min(days, 400)):
        day += timedelta(days=1)
        while day.weekday() > FRIDAY:
            day += timedelta(days=1)
    return day
