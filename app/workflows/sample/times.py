"""When things happen in the story, seen from the moment it is told at. Pure.

The story says «-2d 09:15» (two working days before today), «-50m» and «-3h» (before now), «+40m» (after the message
before it). Texts name moments in braces, so that a deadline reads as its writer would have said it on that day.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone

_WHEN = re.compile(r"([+-])(\d+)([mhd])(?: (\d\d):(\d\d))?")
_NAMED = re.compile(r"\{(clock|when|day|date|long|month|eod):([^{}]+)\}")
_HALF_HOUR = timedelta(minutes=30)
_OFFICE_CLOSES = time(17)


class Calendar:
    """The days around `now`, which is aware: local times of the story are meant in its offset."""

    def __init__(self, now: datetime) -> None:
        offset = now.utcoffset()
        if offset is None:
            raise ValueError("now has no time zone")
        self.now = now.astimezone(timezone(offset)).replace(second=0, microsecond=0)

    def moment(self, text: str, after: datetime | None = None) -> datetime:
        """When something happened: «+40m» counts from `after`. Raises ValueError for what can't be read."""
        sign, number, unit, at = _parts(text)
        if unit == "d":
            return self._workday(sign * number, at or _OFFICE_CLOSES)
        span = _span(sign * number, unit)
        return after + span if after is not None and sign > 0 else self.now + span

    def deadline(self, text: str) -> datetime:
        """A moment that people name: hours from now end at a full or half hour."""
        sign, number, unit, at = _parts(text)
        if unit == "d":
            return self._workday(sign * number, at or _OFFICE_CLOSES)
        due = self.now + _span(sign * number, unit)
        beyond = timedelta(minutes=due.minute) % _HALF_HOUR
        return due + _HALF_HOUR - beyond if beyond else due

    def told(self, text: str, sent: datetime) -> str:
        """`text` with its moments in words, as they were said when it was `sent`."""
        return _NAMED.sub(lambda found: self._word(found[1], found[2], sent.date()), text)

    def _word(self, form: str, text: str, sent: date) -> str:
        if form == "clock":
            return f"{self.moment(text):%H:%M}"
        return _FORMS[form](self.deadline(text), sent)

    def _workday(self, number: int, at: time) -> datetime:
        day, step = self.now.date(), timedelta(days=1 if number > 0 else -1)
        for _ in range(abs(number)):
            day += step
            while day.weekday() > 4:
                day += step
        return datetime.combine(day, at, self.now.tzinfo)


def _parts(text: str) -> tuple[int, int, str, time | None]:
    found = _WHEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"no time of the story: {text}")
    at = time(int(found[4]), int(found[5])) if found[4] else None
    return (1 if found[1] == "+" else -1), int(found[2]), found[3], at


def _span(number: int, unit: str) -> timedelta:
    return timedelta(minutes=number) if unit == "m" else timedelta(hours=number)


def _day(due: datetime, sent: date) -> str:
    ahead = (due.date() - sent).days
    if ahead in (0, 1):
        return ("today", "tomorrow")[ahead]
    return f"{due:%A}" if 1 < ahead < 7 else f"{due:%A}, {due.day} {due:%B}"


_FORMS: Mapping[str, Callable[[datetime, date], str]] = {
    "when": lambda due, sent: f"{_day(due, sent)} at {due:%H:%M}",
    "day": _day,
    "date": lambda due, _: f"{due.day} {due:%B}",
    "long": lambda due, _: f"{due.day} {due:%B %Y}",
    "month": lambda due, _: f"{due:%B}",
    "eod": lambda due, sent: f"EOD {_day(due, sent)}",
}
