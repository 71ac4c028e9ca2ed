"""Where a value stands on a curve at a second, and at which second it will have come further.

A moment stands at the seconds since it, negative before it. A clock stands at the seconds that it has run. With a
calendar only its working seconds count. All of it in whole numbers, so that both directions are exact.
Pure: no I/O, no clock.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import floor, isfinite

from app.domains.ranking.calendars import Calendar
from app.domains.ranking.facts import FactValue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY_S = 86_400


def epoch_seconds(moment: datetime) -> int:
    """Whole seconds since 1970, the rest cut off."""
    since = moment - EPOCH
    return since.days * _DAY_S + since.seconds


def moment(seconds: int) -> datetime | None:
    """The UTC moment, or None where the calendar has ended: for us, never."""
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


def position_of_number(value: FactValue, scale: int) -> int | None:
    """None for what is no number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value * scale
    if isinstance(value, float) and isfinite(value):
        return floor(value * scale)
    return None


def position_of(value: FactValue, second: int, calendar: Calendar | None) -> int | None:
    """Seconds since the moment, or that the clock has run; None for what is neither."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return None
        since = epoch_seconds(value)
        return second - since if calendar is None else calendar.elapsed(since, second)
    if not _is_clock(value):
        return None
    ran = 0
    for start, end in _spans(value):
        if start >= second:
            break
        until = second if end is None else min(end, second)
        ran += until - start if calendar is None else calendar.elapsed(start, until)
    return ran


def second_of(value: FactValue, position: int, calendar: Calendar | None) -> int | None:
    """The first second at which the value stands at `position` or beyond; None: never."""
    if isinstance(value, datetime):
        return _after(epoch_seconds(value), position, calendar)
    if not _is_clock(value):
        return None
    left = position
    for start, end in _spans(value):
        reached = _after(start, left, calendar)
        if reached is not None and (end is None or reached <= end):
            return reached
        if end is not None:
            left -= end - start if calendar is None else calendar.elapsed(start, end)
    return None


def is_running(value: FactValue, second: int) -> bool | None:
    """Whether a clock runs at `second`, working hours aside; None for what is no clock."""
    if not _is_clock(value):
        return None
    return any(start <= second and (end is None or second < end) for start, end in _spans(value))


def _after(start: int, seconds: int, calendar: Calendar | None) -> int | None:
    return start + seconds if calendar is None else calendar.after(start, seconds)


def _is_clock(value: FactValue) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, datetime) and each.tzinfo is not None for each in value)


def _spans(value: FactValue) -> Iterator[tuple[int, int | None]]:
    """A clock's spans: it starts and stops in turns; None: it still runs."""
    assert isinstance(value, tuple)  # noqa: S101 - for the type checker; _is_clock has looked
    moments = [epoch_seconds(each) for each in value if isinstance(each, datetime)]
    for at in range(0, len(moments), 2):
        yield moments[at], moments[at + 1] if at + 1 < len(moments) else None
