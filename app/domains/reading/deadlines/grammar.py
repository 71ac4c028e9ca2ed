"""Reads one moment at a place in the tokens: a day, a time, or both in either order.

Each function takes the place and gives what stands there with the place after it, or None: it never searches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.domains.reading.deadlines import calendar
from app.domains.reading.deadlines.calendar import CERTAIN, LIKELY, Base
from app.domains.reading.deadlines.clock import Clock, Zone, bare_hour, clock, offset_on, zone
from app.domains.reading.deadlines.cursor import skip, word_at
from app.domains.reading.deadlines.days import Found, day
from app.domains.reading.deadlines.numbers import counts
from app.domains.reading.deadlines.vocabulary import (
    DAY_ENDS,
    DAYS,
    DAYS_FROM_TODAY,
    HOURS,
    MONTHS,
    NUMBERS,
    PARTS,
    PERIOD_ENDS,
    WEEKDAYS,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What was read: `exact` for spans of hours, else a day, a time, or both."""

    after: int
    on: date | None = None
    at: time | None = None
    zone: Zone | None = None
    exact: datetime | None = None
    certainty: int = CERTAIN
    weekly: bool = False
    """The day is only a weekday's name: where its time has passed, that of the week after is meant."""

    def instant(self, base: Base, default: time) -> datetime | None:
        """The moment in its own zone, else in the sender's. A time alone is today, or tomorrow where gone; a day that
        is today, said after its usual end, has until midnight."""
        if self.exact is not None:
            return self.exact
        day = self.on or base.today
        if day is None:
            return None
        where = offset_on(self.zone, day) if self.zone else _own_zone(base)
        found = datetime.combine(day, self.at or default, where)
        if base.at is None or found >= base.at or base.past:
            return found
        if self.on and self.at is None and not self.weekly and self.on == base.today:
            return datetime.combine(day, _LAST_MINUTE, where)  # said in the evening: "today" is not over
        return found + timedelta(days=7 if self.weekly else 0 if self.on else 1)


_OPENING, _LAST_MINUTE = time(9), time(23, 59)


def _own_zone(base: Base) -> tzinfo:
    return base.at.tzinfo or UTC if base.at else UTC


_FILLERS = {"the", "on", "at", "around", "about", "approximately", "roughly", "@"}
_BEGINNINGS = (
    _FILLERS
    | {"this", "next", "last", "coming", "following", "end", "close", "noon", "midday", "midnight", "lunchtime"}
    | DAYS_FROM_TODAY.keys()
    | WEEKDAYS.keys()
    | MONTHS.keys()
    | DAY_ENDS
    | PERIOD_ENDS.keys()
    | NUMBERS.keys()
)


def may_begin(word: str) -> bool:
    """Whether it is worth trying to read a moment there."""
    return word in _BEGINNINGS or word[:1].isdecimal()


def moment(words: Sequence[str], i: int, base: Base) -> Moment | None:
    """The moment that begins at token `i`, or None."""
    i = skip(words, i, _FILLERS)
    return _day_first(words, i, base) or _time_first(words, i, base)


def _day_first(words: Sequence[str], i: int, base: Base) -> Moment | None:
    found = day(words, i, base)
    if found is None:
        return None
    read = Moment(found.after, found.on, found.at, certainty=found.certainty, weekly=found.weekly)
    k = skip(
        words, found.after, {",", "at", "by", "before", "@", "around", "(", "t", "in", "the", "no", "later", "than"}
    )
    if word_at(words, k) in PARTS:
        read = replace(read, at=PARTS[word_at(words, k)], after=k + 1)
    elif ends := _between(words, k):
        read = replace(read, at=ends.at, after=ends.after)
    elif edge := _day_edge(words, k):
        read = replace(read, at=edge[0], after=edge[1])
    elif (at := clock(words, k)) or (word_at(words, k - 1) in {"at", "by", "@"} and (at := _hour(words, k))):
        read = replace(read, at=_in_part(at.at, found.at), after=at.after)
    return _with_zone(words, read)


def _between(words: Sequence[str], i: int) -> Clock | None:
    """«between 9 a.m. and 9 p.m.»: until its end."""
    if word_at(words, i) != "between" or not (begins := clock(words, i + 1) or bare_hour(words, i + 1)):
        return None
    return clock(words, begins.after + 1) if word_at(words, begins.after) == "and" else None


def _in_part(at: time, part: time | None) -> time:
    """«this afternoon at 5:45»: the hour of the half day that was named."""
    return at.replace(hour=at.hour + 12) if part and part > time(12) and 1 <= at.hour < 12 else at


def _hour(words: Sequence[str], i: int) -> Clock | None:
    return None if counts(words, i + 1) else bare_hour(words, i)


def _with_zone(words: Sequence[str], read: Moment) -> Moment:
    named = zone(words, read.after) if read.at else None
    if read.at and not named and word_at(words, read.after) == "or" and (other := clock(words, read.after + 1)):
        shared = zone(words, other.after)  # "noon or 2 pm Pacific time"
        return replace(read, zone=shared) if shared else read
    return replace(read, zone=named, after=named.after) if named else read


def _time_first(words: Sequence[str], i: int, base: Base) -> Moment | None:
    at = clock(words, i) or _day_edge(words, i) or _hour_before_day(words, i, base)
    if at is None:
        return None
    read = _with_zone(words, Moment(at[1], None, at[0]))
    found = _next_day(words, read.after, base)
    if found is not None:
        read = replace(read, on=found.on, after=found.after, certainty=found.certainty, weekly=found.weekly)
        return _with_zone(words, read)
    if base.at is None:
        return None
    return read if read.at else replace(read, on=base.today)


def _hour_before_day(words: Sequence[str], i: int, base: Base) -> tuple[time, int] | None:
    """«4 today», «9 tonight», «2 this afternoon»."""
    following = word_at(words, i + 1)
    if following not in {"on", "this", *DAYS_FROM_TODAY, *WEEKDAYS}:  # beside a month it is the day
        return None
    if following == "this" and word_at(words, i + 2) not in PARTS:
        return None  # "by 5 this week" is a count
    hour = bare_hour(words, i)
    if hour is None or day(words, i, base) or not _next_day(words, i + 1, base):
        return None
    late = following == "tonight" and hour.at.hour < 12
    return hour.at.replace(hour=hour.at.hour + 12) if late else hour.at, hour.after


def _next_day(words: Sequence[str], i: int, base: Base) -> Found | None:
    return day(words, skip(words, i, {"on", ",", "the", "of", "("}), base)


def _day_edge(words: Sequence[str], i: int) -> tuple[time | None, int] | None:
    """«EOD», «COB», «close of business», «end of the day»: the usual end of a day; or its start, at nine."""
    if word_at(words, i) in DAY_ENDS:
        return None, i + 1
    if word_at(words, i) in {"start", "opening"} and words[i + 1 : i + 2] == ["of"]:
        return (_OPENING, i + 3) if word_at(words, i + 2) in {"business", "day"} else None
    if word_at(words, i) in {"end", "close"} and word_at(words, i + 1) == "of":
        k = skip(words, i + 2, {"the", "business"}) if word_at(words, i + 2) != "business" else i + 2
        if word_at(words, k) in {"business", "day", "play"}:
            k += 1
            return None, k + 1 if word_at(words, k) in {"day", "hours"} else k
    return None


def span(words: Sequence[str], i: int, base: Base) -> Moment | None:
    """«24 hours», «the next two business days», «a week»: counted from when it was said."""
    i = skip(words, i, {"the", "next", "coming", "following", "another", "max", "maximum"})
    first = i
    i = skip(words, i, {"a"}) if word_at(words, i + 1) in {"couple", "few"} else i
    count = _count(word_at(words, i))
    if count is None and (word_at(words, i) == "hour" or words[i - 1 : i + 1] in (["the", "week"], ["the", "month"])):
        count, i = 1, i - 1  # "within the hour"
    if count is None or base.at is None:
        return None
    i = skip(words, i + 1, {"of", "(", ")", "full", "calendar"})
    working = word_at(words, i) in {"business", "working", "work"}
    unit = word_at(words, i + working).removesuffix("s")
    after = i + working + 1
    if unit in HOURS:
        return Moment(after, exact=base.at + HOURS[unit] * count)
    if unit not in DAYS or (first == i and count > 400):
        return None
    days = DAYS[unit] * count
    on = calendar.working_days_on(base.at.date(), days) if working else base.at.date() + timedelta(days=days)
    return Moment(after, on, certainty=CERTAIN if unit == "day" else LIKELY)


def _count(word: str) -> int | None:
    if word.isdecimal() and len(word) <= 3:
        return int(word)
    return NUMBERS.get(word)
