"""Working calendars: how much working time lies between two moments, and when so much of it has run.

A calendar is data: a time zone, hours by weekday and holidays. What counts as open where clocks are changed,
and from when to when calendars reach, stands in openings.py.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias
from zoneinfo import available_timezones

from app.domains.ranking.openings import FIRST_YEAR, LAST_YEAR, Openings, Span
from app.domains.ranking.spelling import suggestion

MOST_SPANS = 6  # of one day
MOST_HOLIDAYS = 400
LONGEST_NAME = 100  # of a holiday, in characters

Problems: TypeAlias = list[tuple[str, str]]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = 24 * 60
_SPAN = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})\s*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CalendarInvalid(ValueError):
    """What is no calendar, with everything found wrong in it, each as (where, message)."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{where}: {message}" if where else message for where, message in self.problems))


@dataclass(frozen=True)
class Calendar:
    """When people work. Seconds are whole ones since 1970, UTC.

    Raises CalendarInvalid for hours that are none, and KeyError for a zone that is unknown.
    """

    name: str
    zone: str
    hours: Mapping[int, tuple[Span, ...]]
    """By weekday, 0 for Monday: from and to, in minutes of the day on the wall, in order, not overlapping."""
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Closed all day. The name is empty where it has none."""
    digest: str = field(init=False, repr=False, compare=False)
    """16 hexadecimal digits: the same for the same zone, hours and holidays, whatever the calendar's name."""
    _openings: Openings = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        wrong = [("hours", f"there is no weekday {day}") for day in self.hours if day not in range(7)]
        wrong += [(f"hours[{day}][{at}]", why) for day, spans in self.hours.items() for at, why in _wrong(spans)]
        if wrong:
            raise CalendarInvalid(wrong)
        hours = {day: tuple(self.hours[day]) for day in sorted(self.hours) if self.hours[day]}
        object.__setattr__(self, "hours", hours)
        object.__setattr__(self, "holidays", dict(sorted(self.holidays.items())))
        object.__setattr__(self, "digest", hashlib.sha256(json.dumps(document_of(self)).encode()).hexdigest()[:16])
        object.__setattr__(self, "_openings", Openings(self.zone, hours, self.holidays))

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def elapsed(self, start: int, end: int) -> int:
        """Working seconds from `start` to `end`; negative where `end` is the earlier one."""
        return self._openings.elapsed(start, end)

    def after(self, start: int, seconds: int) -> int | None:
        """The earliest second t with `elapsed(start, t) == seconds`; None where there is none up to 2200.

        The earliest for 0 and below too: from a Saturday, 0 is already reached when Friday's hours end. Where
        nothing is open before t at all, it is the first second of 1970.
        """
        return self._openings.after(start, seconds)

    def is_open(self, second: int) -> bool:
        """Whether the second that begins then is working time."""
        return self._openings.elapsed(second, second + 1) == 1


def _wrong(spans: Sequence[Span | None]) -> Iterator[tuple[int, str]]:
    """Number, from 1, of a day's spans, and what is wrong with it. What could not be read is passed over."""
    earlier = 0
    for at, span in enumerate(spans, 1):
        if span is None:
            continue
        begin, end = span
        if end <= begin:
            yield at, "must end after it begins; a night is two spans: to 24:00, and from 00:00 on the next day"
        elif begin < 0 or end > _MIDNIGHT:
            yield at, "must lie within one day"
        elif begin < earlier:
            yield at, "must not begin before the one above it ends"
        earlier = max(earlier, end)
    if len(spans) > MOST_SPANS:
        yield len(spans), f"is one too many: a day has at most {MOST_SPANS}"


def calendar_from(name: str, document: Mapping[str, Any]) -> Calendar:
    """What a document (TOML or JSON, already parsed) describes. Raises CalendarInvalid with all problems."""
    if not isinstance(document, Mapping):
        raise CalendarInvalid([("", "must be a table")])
    problems: Problems = []
    _note_unknown(document, "", ("zone", "hours", "holidays"), problems)
    zone = _zone_of(document, problems)
    hours = _hours_of(document, problems)
    holidays = _holidays_of(document.get("holidays", []), problems)
    if problems:
        raise CalendarInvalid(problems)
    return Calendar(name, zone, hours, holidays)


def document_of(calendar: Calendar) -> dict[str, Any]:
    """The document that gives this calendar again, its name aside: always the same for the same calendar."""
    hours = {_DAYS[day]: [_written(span) for span in calendar.hours[day]] for day in sorted(calendar.hours)}
    holidays = [{"on": str(on), "name": name} if name else str(on) for on, name in sorted(calendar.holidays.items())]
    return {"zone": calendar.zone, "hours": hours, "holidays": holidays}


def _written(span: Span) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


def _shown(word: object) -> str:
    return str(word)[:60]


def _note_unknown(data: Mapping[str, Any], where: str, known: Sequence[str], problems: Problems) -> None:
    for key in map(_shown, data):
        if key not in known:
            problems.append((f"{where}{key}", f"there is no such key{suggestion(key, known)}"))


@cache
def _zones() -> list[str]:
    return sorted(available_timezones(), key=lambda zone: (len(zone), zone))


def _zone_of(data: Mapping[str, Any], problems: Problems) -> str:
    zone = data.get("zone")
    if isinstance(zone, str) and zone in _zones():
        return zone
    if isinstance(zone, str):
        # By its city first: in their spelling "berlin" and "Europe/Berlin" differ too much.
        city = _shown(zone).rpartition("/")[2].strip().replace(" ", "_").casefold()
        called = [known for known in _zones() if known.rpartition("/")[2].casefold() == city]
        nearest = f"; did you mean {called[0]!r}?" if called else suggestion(_shown(zone), _zones())
        problems.append(("zone", f"there is no time zone {_shown(zone)!r}{nearest}"))
    else:
        problems.append(("zone", 'must be a text such as "Europe/Berlin"' if "zone" in data else "is needed"))
    return "UTC"


def _hours_of(data: Mapping[str, Any], problems: Problems) -> dict[int, tuple[Span, ...]]:
    written = data.get("hours")
    if not isinstance(written, Mapping):
        problems.append(("hours", "must be a table" if "hours" in data else "is needed"))
        return {}
    hours: dict[int, tuple[Span, ...]] = {}
    others = len(problems)
    for key, texts in written.items():
        where = f"hours.{_shown(key)}"
        spans = _spans_of(texts, where, problems)
        for day in _weekdays(str(key), where, problems):
            if day in hours:
                problems.append((where, f"gives the hours of {_DAYS[day]} a second time"))
            hours[day] = spans
    if not any(hours.values()) and len(problems) == others:
        problems.append(("hours", "at least one minute of the week must be open"))
    return hours


def _weekdays(key: str, where: str, problems: Problems) -> list[int]:
    """The days of "monday", of "monday-friday" or, over the end of the week, of "sunday-thursday"."""
    first, dash, last = _shown(key).partition("-")
    unknown = [word for word in ((first, last) if dash else (first,)) if word not in _DAYS]
    problems += [(where, f"there is no day {word!r}{suggestion(word, _DAYS)}") for word in unknown]
    if unknown:
        return []
    begin = _DAYS.index(first)
    days = (_DAYS.index(last) - begin) % 7 + 1 if dash else 1
    return [(begin + day) % 7 for day in range(days)]


def _spans_of(texts: object, where: str, problems: Problems) -> tuple[Span, ...]:
    if not isinstance(texts, list) or len(texts) > MOST_SPANS:
        problems.append((where, f'must be a list of at most {MOST_SPANS} texts such as "09:00-17:00"'))
        return ()
    spans = [_span(text) for text in texts]
    unread = [at for at, span in enumerate(spans, 1) if span is None]
    problems += [(f"{where}[{at}]", 'must be two times up to 24:00, such as "09:00-17:00"') for at in unread]
    problems += [(f"{where}[{at}]", why) for at, why in _wrong(spans)]
    return tuple(span for span in spans if span)


def _span(text: object) -> Span | None:
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    begin, end = (60 * int(match[hour]) + int(match[hour + 1]) for hour in (1, 3))
    return (begin, end) if max(begin, end) <= _MIDNIGHT and int(match[2]) < 60 and int(match[4]) < 60 else None


def _holidays_of(entries: object, problems: Problems) -> dict[date, str]:
    if not isinstance(entries, list) or len(entries) > MOST_HOLIDAYS:
        problems.append(("holidays", f"must be a list of at most {MOST_HOLIDAYS} days"))
        return {}
    holidays: dict[date, str] = {}
    for at, entry in enumerate(entries, 1):
        where = f"holidays[{at}]"
        data = entry if isinstance(entry, Mapping) else {"on": entry}
        _note_unknown(data, f"{where}.", ("on", "name"), problems)
        on, name = _date(data.get("on")), data.get("name", "")
        if on is None or not FIRST_YEAR <= on.year <= LAST_YEAR:
            problems.append((where, f'must be a day from {FIRST_YEAR} to {LAST_YEAR}, such as "2026-12-25"'))
        elif on in holidays:
            problems.append((where, f"{on} stands here a second time"))
        elif not isinstance(name, str) or len(name) > LONGEST_NAME:
            problems.append((f"{where}.name", f"must be a text of at most {LONGEST_NAME} characters"))
        else:
            holidays[on] = name.strip()
    return holidays


def _date(value: object) -> date | None:
    """TOML has days of its own; JSON writes them."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


OFFICE = Calendar("office", "UTC", dict.fromkeys(range(5), ((9 * 60, 17 * 60),)))
AROUND_THE_CLOCK = Calendar("always", "UTC", dict.fromkeys(range(7), ((0, _MIDNIGHT),)))
