"""Reads a day at a place in the tokens: «tomorrow», «next Friday», «26 Sept», «end of the month».

Each function takes the place and gives what stands there with the place after it, or None: it never searches.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from app.domains.reading.deadlines import calendar
from app.domains.reading.deadlines.calendar import CERTAIN, GUESSED, LIKELY, Base
from app.domains.reading.deadlines.cursor import skip, word_at
from app.domains.reading.deadlines.vocabulary import (
    DAYS_FROM_TODAY,
    FRIDAY,
    MONTHS,
    PARTS,
    PERIOD_ENDS,
    PERIODS,
    WEEKDAYS,
)


class Found(NamedTuple):
    on: date
    after: int
    certainty: int = CERTAIN
    at: time | None = None
    weekly: bool = False


def day(words: Sequence[str], i: int, base: Base) -> Found | None:
    """A day in words or numbers."""
    word = word_at(words, i)
    if word in DAYS_FROM_TODAY and base.today is not None:
        at = PARTS.get(word)
        named = word_at(words, i + 1) == "(" and word_at(words, i + 2) in WEEKDAYS and word_at(words, i + 3) == ")"
        return Found(base.today + timedelta(days=DAYS_FROM_TODAY[word]), i + 4 if named else i + 1, at=at)
    return (
        _period(words, i, base)
        or _weekday(words, i, base)
        or _month_named(words, i, base)
        or _ordinal(words, i, base)
        or _numeric(words, i, base)
    )


def _weekday(words: Sequence[str], i: int, base: Base) -> Found | None:
    which = word_at(words, i) if word_at(words, i) in {"next", "last", "this", "coming", "following"} else ""
    k = i + 1 if which else i
    if word_at(words, k) not in WEEKDAYS:
        return None
    shortened = not word_at(words, k).endswith("day")
    after = k + 2 if shortened and word_at(words, k + 1) == "." and word_at(words, k + 2) else k + 1
    dated = _dated(words, skip(words, after, {",", "the", "(", "on"}), base)
    if dated is not None:
        return dated
    at = PARTS.get(word_at(words, after))
    week = skip(words, after + (1 if at else 0), {"of"})
    if word_at(words, week) in {"next", "this"} and word_at(words, week + 1) == "week":
        which, after = "next" if word_at(words, week) == "next" else which, week + 2
    else:
        at = None  # read with the time of day
    on = calendar.weekday(WEEKDAYS[word_at(words, k)], base, which=which)
    return Found(on, after, LIKELY if which == "next" else CERTAIN, at, which != "last") if on else None


def _dated(words: Sequence[str], i: int, base: Base) -> Found | None:
    return _month_named(words, i, base) or _ordinal(words, i, base) or _numeric(words, i, base)


def _month_named(words: Sequence[str], i: int, base: Base) -> Found | None:
    """«26 Sept», «26th of September 2026», «Sept. 26th, 2026»."""
    month, number, k = 0, 0, i
    if (first := _day_number(words, i)) is not None:
        k = skip(words, first[1], {"of", "-"})
        month, number, k = MONTHS.get(word_at(words, k), 0), first[0], k + 1
    elif word_at(words, i) in MONTHS:
        k = skip(words, i + 1, {".", "the"})
        second = _day_number(words, k)
        if second is not None:
            month, number, k = MONTHS[word_at(words, i)], second[0], second[1]
    if not month:
        return None
    return _in_year(words, k, month, number, base)


def _in_year(words: Sequence[str], k: int, month: int, number: int, base: Base) -> Found | None:
    k = skip(words, k, {"."}) if _year(words, k + 1) else k
    comma = 1 if word_at(words, k) == "," else 0
    year = _year(words, k + comma)
    if year is not None:
        on = calendar.made(year, month, number)
        return Found(on, k + comma + 1) if on else None
    on = calendar.nearest(month, number, base)
    return Found(on, k, LIKELY) if on else None


def _year(words: Sequence[str], i: int) -> int | None:
    word = word_at(words, i)
    return int(word) if word.isdecimal() and len(word) == 4 and "1990" <= word <= "2099" else None


def _day_number(words: Sequence[str], i: int) -> tuple[int, int] | None:
    word = word_at(words, i)
    if not word.isdecimal() or len(word) > 2 or not 1 <= int(word) <= 31:
        return None
    return int(word), i + 2 if word_at(words, i + 1) in {"st", "nd", "rd", "th"} else i + 1


def _ordinal(words: Sequence[str], i: int, base: Base) -> Found | None:
    """«the 15th», «the 15th of next month»."""
    if word_at(words, i + 1) not in {"st", "nd", "rd", "th"} or (found := _day_number(words, i)) is None:
        return None
    k = skip(words, found[1], {"of"})
    months = {"next": 1, "this": 0}.get(word_at(words, k)) if word_at(words, k + 1) == "month" else None
    if months is None and (k > found[1] or word_at(words, k)[:1].isalpha()) and word_at(words, k) not in _MAY_FOLLOW:
        return None  # "by the 3rd party", "by the 2nd attempt"
    on = calendar.day_of_month(found[0], base, months=months)
    return Found(on, k + 2 if months is not None else found[1], LIKELY) if on else None


_MAY_FOLLOW = {
    "at",
    "or",
    "and",
    "please",
    "so",
    "if",
    "to",
    "for",
    "because",
    "as",
    "but",
    "by",
    "in",
    "with",
    "latest",
    "via",
}


def _numeric(words: Sequence[str], i: int, base: Base) -> Found | None:
    read = calendar.numeric(word_at(words, i), base)
    return Found(read.on, i + 1, read.certainty) if read else None


def _period(words: Sequence[str], i: int, base: Base) -> Found | None:
    """«end of next week», «EOW», «this week», «next month», «end of September»."""
    word = word_at(words, i)
    if word == "weekend" and base.today is not None:
        return Found(calendar.monday(base.today) + timedelta(days=FRIDAY), i + 1, LIKELY, weekly=True)
    if word == "year" and word_at(words, i + 1) == "end" and (year := _year(words, i + 2)):
        return Found(date(year, 12, 31), i + 3)
    if word in {"month", "quarter", "year"} and word_at(words, i + 1) == "end":
        on = calendar.end_of(word, base)
        return Found(on, i + 2) if on else None
    if word in PERIOD_ENDS:
        on = calendar.end_of(PERIOD_ENDS[word], base)
        return Found(on, i + 1) if on else None
    if word in {"this", "next"}:
        return _this_or_next(words, i, base, certainty=LIKELY if word == "this" else GUESSED)
    if word in {"early", "late"} and words[i + 1 : i + 3] == ["next", "week"] and base.today:
        return Found(
            calendar.monday(base.today) + timedelta(days=7 + (FRIDAY if word == "late" else 0)), i + 3, GUESSED
        )
    if word in {"end", "close"} and word_at(words, i + 1) == "of":
        return _end_of(words, i + 2, base)
    if words[i : i + 4] in (["start", "of", "next", "week"], ["beginning", "of", "next", "week"]) and base.today:
        return Found(calendar.monday(base.today) + timedelta(days=7), i + 4, LIKELY)
    return None


def _this_or_next(words: Sequence[str], i: int, base: Base, *, certainty: int) -> Found | None:
    following, later = word_at(words, i + 1), 1 if word_at(words, i) == "next" else 0
    if following in PARTS and base.today is not None and not later:
        return Found(base.today, i + 2, at=PARTS[following])
    if following not in {"week", "month", "quarter", "year"}:
        return None
    on = calendar.end_of(following, base, later=later)
    return Found(on, i + 2, certainty) if on else None


def _end_of(words: Sequence[str], i: int, base: Base) -> Found | None:
    k = skip(words, i, {"the", "current", "calendar", "fiscal"})
    if word_at(words, k) in {"this", "next"}:
        return _this_or_next(words, k, base, certainty=CERTAIN)
    word = word_at(words, k)
    if word == "year" and (year := _year(words, k + 1)):
        return Found(date(year, 12, 31), k + 2)
    if word in MONTHS:
        year = _year(words, k + 1)
        on = calendar.end_of_month(MONTHS[word], year, base)
        return Found(on, k + (2 if year else 1)) if on else None
    if word not in PERIODS or word in {"business", "play", "day"}:
        return None
    later = 1 if word == "tomorrow" else 0
    on = calendar.end_of(word, base, later=later)
    return Found(on, k + 1) if on else None
