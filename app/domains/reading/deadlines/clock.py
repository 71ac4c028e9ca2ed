"""Times of day and time zones: «5pm», «17:00», «noon», «5:30 p.m. PT», «9 o'clock GMT+2»."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from app.domains.reading.deadlines.cursor import skip, word_at
from app.domains.reading.deadlines.vocabulary import OFFSETS, PARTS, PLACES, UNITED_STATES_ZONES

_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[:.h]([0-5]\d))?(?::[0-5]\d)?")
_WITH_MINUTES = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_COMPACT = re.compile(r"(0?[1-9]|1[0-2])([0-5]\d)")
"""«1130 am», «200 CST»: a time only beside one of these."""
_BESIDE_COMPACT = {"est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "gmt", "utc", "bst", "cet", "cest"}
_DOTTED = re.compile(r"([01]\d|2[0-3])\.(00|15|30|45)")
"""Other minutes are rather a version."""
_OFFSET = re.compile(r"([+-]\d{1,2})(?::?([0-5]\d))?")


class Clock(NamedTuple):
    at: time
    after: int
    """The first token that does not belong to it."""


class Zone(NamedTuple):
    name: str
    offset: str
    after: int


def clock(words: Sequence[str], i: int) -> Clock | None:
    """A time that can only be a time: with am or pm, with minutes, in words, or with o'clock."""
    word, following = word_at(words, i), word_at(words, i + 1)
    if word in {"noon", "midday", "midnight", "lunchtime", "lunch"}:
        return Clock(PARTS[word], i + 1)
    if following in {"am", "pm"} and (match := _CLOCK.fullmatch(word) or _COMPACT.fullmatch(word)):
        return _half_day(match, following, i + 2)
    if match := _WITH_MINUTES.fullmatch(word):
        after = i + 2 if following in {"h", "hrs", "hours", "uhr"} else i + 1
        return Clock(time(int(match[1]), int(match[2])), after)
    if following in {"hrs", "hours", "h"} and (match := _MILITARY.fullmatch(word)):
        return Clock(time(int(match[1]), int(match[2])), i + 2)
    if following in _BESIDE_COMPACT and (match := _COMPACT.fullmatch(word)):
        return Clock(time(_of_the_day(int(match[1])), int(match[2])), i + 1)
    if following in {"o'clock", "h", "uhr"}:
        return bare_hour(words, i, i + 2)
    return None


def _half_day(match: re.Match[str], half: str, after: int) -> Clock | None:
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 12:
        return Clock(time(hour, minute), after) if hour < 24 else None
    return Clock(time(hour % 12 + (12 if half == "pm" else 0), minute), after)


def bare_hour(words: Sequence[str], i: int, after: int | None = None) -> Clock | None:
    """«5» where the grammar knows that a time must stand: 1 to 7 are in the afternoon."""
    word = word_at(words, i)
    if not word.isdecimal() or not 1 <= len(word) <= 2 or not 1 <= int(word) <= 23:
        return None
    return Clock(time(_of_the_day(int(word))), after or i + 1)


def _of_the_day(hour: int) -> int:
    return hour + 12 if hour < 8 else hour


def hour_alone(words: Sequence[str], i: int) -> Clock | None:
    """«5», «16.30», «1700» where only a time can stand; from 1900 on four digits are rather a year."""
    word = word_at(words, i)
    if match := _DOTTED.fullmatch(word) or (_MILITARY.fullmatch(word) if word < "1900" else None):
        return Clock(time(int(match[1]), int(match[2])), i + 1)
    return bare_hour(words, i)


def zone(words: Sequence[str], i: int) -> Zone | None:
    """A zone's name, perhaps in brackets, perhaps with an offset: «(PT)», «GMT+2», «Eastern time»."""
    opened = word_at(words, i) == "("
    start = i + 1 if opened else i
    name, after, offset = word_at(words, start), start + 1, ""
    if word_at(words, start + 1) == "." and word_at(words, start + 2) == "t":
        name, after = name + "t", skip(words, start + 3, {"."})  # "E.T."
    if name not in OFFSETS and name not in UNITED_STATES_ZONES:
        return None
    if name in PLACES and word_at(words, after) != "time":
        return None
    if name in {"utc", "gmt"} and _OFFSET.fullmatch(word_at(words, after)):
        offset, after = word_at(words, after), after + 1
    if word_at(words, after) in {"time", "standard"}:
        after += 1
    if opened and word_at(words, after) == ")":
        after += 1
    return Zone(name, offset, after)


def offset_on(named: Zone, day: date) -> tzinfo:
    """What the zone's name means on that day."""
    if named.name in UNITED_STATES_ZONES:
        standard = UNITED_STATES_ZONES[named.name]
        return timezone(timedelta(hours=standard + _daylight_saving(day)))
    hours = OFFSETS[named.name]
    if match := _OFFSET.fullmatch(named.offset):
        whole = int(match[1])
        minutes = int(match[2] or 0) * (-1 if whole < 0 else 1)
        if abs(whole) <= 14:
            return timezone(timedelta(hours=whole, minutes=minutes))
    return timezone(timedelta(hours=hours))


def _daylight_saving(day: date) -> int:
    """1 from the second Sunday of March to the first of November, the rule in the US since 2007."""
    return 1 if _sunday(day.year, 3, 2) <= day < _sunday(day.year, 11, 1) else 0


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))
