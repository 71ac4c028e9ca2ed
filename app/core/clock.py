"""The one place that reads the wall clock. Everything else takes `now` as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def whole_second(at: datetime) -> datetime:
    """The second of an instant. Scores are of whole seconds, whatever a clock says beyond them."""
    return at.replace(microsecond=0)


def end_of_second(at: datetime) -> datetime:
    """The last instant that still counts as `at`: a score of a second knows all that happened in it."""
    return at.replace(microsecond=999_999)
