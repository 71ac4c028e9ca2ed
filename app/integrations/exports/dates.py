"""Dates as people and programs write them, strictly: what is not understood to the last character is None.

A wrong due date is worse than none, so nothing is skipped over. Names of months and days are read in English, German,
French and Spanish. Words that lean on a day («Tomorrow») need one given: there is no clock in here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from app.integrations.exports.date_words import DAY_WORDS, MONTHS, NEXT, OFFSETS, PREVIOUS, WEEKDAYS

LONGEST = 120
FIRST_YEAR, LAST_YEAR = 1971, 2199
"""Beyond these stand zeros and placeholders: 0001-01-01, 1970-01-01, 9999-12-31."""
END_OF_DAY = time(23, 59)

_RANGE = re.compile(r"\s*(?:→|⇒|->|\s[–—-]\s|\s(?:to|until|bis|au|hasta)\s)\s*", re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)")
_FORMS = (
    re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?=T|\s|\Z)"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<a>\d{1,2})(?P<s>[/-])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s/-]+(?:de |of )?(?P<name>[^\W\d_]{3,10})\.?,?"
        r"(?:[\s/-]+(?:de |del )?(?P<y>\d{4}|\d{2})(?![\d:]))?"
    ),
    re.compile(
        r"(?P<name>[^\W\d_]{3,10})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:(?:,\s*|\s+)(?P<y>\d{4})(?![\d:]))?"
    ),
)
_WEEKDAY_BEFORE = re.compile(r"([^\W\d_]{2,10})\.?(?:,\s*|\s+)(?=\d|[^\W\d_]{3,10}\.?\s+\d)")
_TIME = re.compile(
    r"[\s,]*(?:T|at |um |à |a las )?\s*(?P<h>\d{1,2})(?:(?:[:h]|\.(?=\d\d(?:\D|\Z)))(?P<m>\d{2})"
    r"(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s?(?P<half>[ap]\.?m\.?(?![a-z]))?(?P<clock>\s?(?:uhr|h)(?![a-z]))?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"T(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?(?:[.,]\d{1,9})?(?P<half>)(?P<clock>)")
_OFFSET = re.compile(
    r"\s*\(?(?:(?:GMT|UTC)?(?P<sign>[+\-−])(?P<h>\d{1,2}):?(?P<m>\d{2})?|(?P<name>[A-Za-z]{1,5}))\)?"
    r"(?:\s*[\[(][A-Za-z_/ ]{1,60}[\])])?"
)
_YEAR_LAST = re.compile(r"(?:\s+|\A)(\d{4})\Z")
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d{1,9})?")
_AWAY = re.compile(
    r"(?:(?P<in>in) )?(?P<n>\d{1,3}) (?P<unit>day|week)s?(?P<ago> ago)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a range of dates, that somebody wrote."""

    at: datetime
    """Aware. Midnight where no time was written."""
    until: datetime | None = None
    """The end of a range: at 23:59 of its day where no time was written."""
    has_time: bool = False

    @property
    def end(self) -> datetime:
        """When it is over: what is due then is late afterwards."""
        if self.until is not None:
            return self.until
        return self.at if self.has_time else end_of(self.at)

    @property
    def is_midnight(self) -> bool:
        """Whether the time that was written is 00:00: programs write days so."""
        return self.has_time and self.until is None and self.at.time() == time.min


def end_of(day: datetime) -> datetime:
    return day.replace(hour=END_OF_DAY.hour, minute=END_OF_DAY.minute, second=0, microsecond=0)


def moment(text: str, *, zone: tzinfo, day_first: bool | None, relative_to: datetime | None) -> Moment | None:
    """What `text` says, or None where that is not certain.

    `zone` is meant where no offset is written. Where 3/4/2025 could be either, `day_first` decides; None is month
    first. `relative_to` is the day on which «Tomorrow», or a date without a year, was written.
    """
    text = " ".join(text.replace("@", " ").split())
    if not text or len(text) > LONGEST:
        return None
    reading = _Reading(zone, day_first is True, relative_to.astimezone(zone) if relative_to else None)
    try:
        return _range_or_one(text, reading)
    except (ValueError, OverflowError):  # the 31st of February, 25 o'clock
        return None


def holds_days(cells: Iterable[str]) -> bool:
    """Whether every date of a column is a midnight or has no time: «21/Nov/26 12:00 AM» is a day in Jira."""
    found = [when for cell in cells if (when := moment(cell, zone=UTC, day_first=None, relative_to=None))]
    return any(when.is_midnight for when in found) and all(when.is_midnight or not when.has_time for when in found)


def day_first_of(cells: Iterable[str]) -> bool | None:
    """Whether a column writes the day before the month; None where no date, or dates of both sorts, tell."""
    found = [match for cell in cells if (match := _NUMERIC.match(cell.strip().lstrip("@")))]
    day = any(int(match[1]) > 12 >= int(match[2]) for match in found)
    month = any(int(match[2]) > 12 >= int(match[1]) for match in found)
    return None if day == month else day


@dataclass(frozen=True, slots=True)
class _Reading:
    zone: tzinfo
    day_first: bool
    today: datetime | None


@dataclass(frozen=True, slots=True)
class _Part:
    """One end of a range: what was written of it."""

    day: date | None
    clock: time | None = None
    offset: tzinfo | None = None

    def at(self, reading: _Reading) -> datetime:
        assert self.day is not None  # noqa: S101 - the callers hold a part with a day
        when = datetime.combine(self.day, self.clock or time.min, self.offset or reading.zone)
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise ValueError(when.year)
        return when


def _range_or_one(text: str, reading: _Reading) -> Moment | None:
    if one := _part(text, reading):
        return Moment(one.at(reading), None, one.clock is not None) if one.day else None
    sides = _RANGE.split(text, maxsplit=1)
    if len(sides) != 2:
        return None
    first, last = _part(sides[0], reading), _part(sides[1], reading)
    if not first or not last or not first.day:
        return None
    # «3:00 PM → 5:00 PM (GMT+1)»: what one side leaves out, the other says for both.
    offset = first.offset or last.offset
    begin = _Part(first.day, first.clock, offset).at(reading)
    end = _Part(last.day or first.day, last.clock, last.offset or offset).at(reading)
    end = end if last.clock else end_of(end)
    return Moment(begin, end, first.clock is not None) if begin <= end else None


def _part(text: str, reading: _Reading) -> _Part | None:
    """One date and perhaps a time; a time alone, which only the second end of a range may be; or None."""
    if found := _EPOCH.fullmatch(text):
        number = int(found[1])
        at = datetime.fromtimestamp(number / 1000 if len(found[1]) > 10 else number, UTC)
        return _Part(at.date(), at.timetz().replace(tzinfo=None), UTC)
    day, rest = _day(text, reading)
    if day is None:
        return _clock(None, text, reading)
    return _clock(day, rest, reading) if rest.strip() else _Part(day)


def _clock(day: date | None, rest: str, reading: _Reading) -> _Part | None:
    """The part that `day` and the time in `rest` make. None where anything else stands in `rest`."""
    found = _COMPACT_TIME.match(rest) or _TIME.match(rest)
    if not found or (found["m"] is None and not found["half"] and not found["clock"]):
        return None
    clock = _time(found)
    rest = rest[found.end() :]
    if not rest.strip():
        return _Part(day, clock)
    zone = _OFFSET.match(rest)
    offset = _offset(zone) if zone else None
    if day and (year := _YEAR_LAST.search(rest)) and day.year == 1:  # Tue Aug 08 12:36:29 +0000 2023
        day, rest = day.replace(year=int(year[1])), rest[: year.start()]
        offset = offset if zone and zone.end() else None
        return _Part(day, clock, offset) if not rest.strip() or offset else None
    return _Part(day, clock, offset) if offset and zone and zone.end() == len(rest) else None


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["h"]), (found["half"] or "").lower()
    if half and (hour > 12 or hour == 0) and not (half.startswith("p") and hour > 12):
        raise ValueError(hour)
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return time(hour, int(found["m"] or 0), int(found["s"] or 0))


def _offset(found: re.Match[str]) -> tzinfo | None:
    if name := found["name"]:
        hours = OFFSETS.get(name.upper())
        return None if hours is None else timezone(timedelta(hours=hours))
    minutes = int(found["h"]) * 60 + int(found["m"] or 0)
    if len(found["h"]) > 2 or minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes if found["sign"] == "+" else -minutes))


def _day(text: str, reading: _Reading) -> tuple[date | None, str]:
    """The day at the start of `text`, and what follows it."""
    if reading.today and (leaning := _leaning(text, reading.today)):
        return leaning
    before = _WEEKDAY_BEFORE.match(text)
    if before and before[1].lower() in WEEKDAYS:
        text = text[before.end() :]
    for form in _FORMS:
        found = form.match(text)
        if found and (day := _written(found, text, reading)):
            return day, text[found.end() :]
    return None, text


def _written(found: re.Match[str], text: str, reading: _Reading) -> date | None:
    parts = found.groupdict()
    if "a" in parts:
        a, b = int(parts["a"]), int(parts["b"])
        day, month = (a, b) if (reading.day_first and b <= 12) or a > 12 else (b, a)
    else:
        named = MONTHS.get((parts.get("name") or "").lower())
        if "name" in parts and named is None:
            return None
        day, month = int(parts["d"]), named or int(parts["m"])
    if parts["y"]:
        year = int(parts["y"])
        return date(year + (2000 if year < 70 else 1900) if len(parts["y"]) == 2 else year, month, day)
    if _YEAR_LAST.search(text[found.end() :]):
        return date(1, month, day)  # its year comes behind the time; see _clock
    return _nearest(month, day, reading.today.date()) if reading.today else None


def _nearest(month: int, day: int, today: date) -> date:
    """A date without a year is meant in the year that brings it nearest."""
    years = (today.year - 1, today.year, today.year + 1)
    return min((date(year, month, day) for year in years), key=lambda candidate: abs(candidate - today))


def _leaning(text: str, today: datetime) -> tuple[date, str] | None:
    """«Tomorrow», «Last Wednesday», «in 3 days»: the day, and what follows it."""
    if found := _AWAY.fullmatch(text):
        if bool(found["in"]) == bool(found["ago"]):
            return None
        days = int(found["n"]) * (7 if found["unit"].lower() == "week" else 1)
        return today.date() + timedelta(days=-days if found["ago"] else days), ""
    first, _, rest = text.partition(" ")
    word = first.lower().rstrip(",")
    if word in DAY_WORDS:
        return today.date() + timedelta(days=DAY_WORDS[word]), rest and " " + rest
    second, _, after = rest.partition(" ")
    if word in NEXT | PREVIOUS and (weekday := WEEKDAYS.get(second.lower().rstrip(","))) is not None:
        ahead = (weekday - today.weekday() - 1) % 7 + 1
        return today.date() + timedelta(days=ahead if word in NEXT else ahead - (7 if ahead < 7 else 14)), after and (
            " " + after
        )
    if len(word) > 3 and word in WEEKDAYS and not rest:
        return today.date() + timedelta(days=(WEEKDAYS[word] - today.weekday()) % 7), ""
    return None
