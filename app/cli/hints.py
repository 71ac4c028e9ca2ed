"""What a person could do next, said below the queue."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.cli.running import called
from app.cli.times import ago, moment_said

if TYPE_CHECKING:
    from app.domains.tasks.schemas import TaskOut

_OLD = timedelta(days=60)


def sample_hint(tasks: "Sequence[TaskOut]") -> str | None:
    """That an invented company is among what is shown."""
    if not any(task.source.sample for task in tasks):
        return None
    return f"\nSample data: an invented company. Clear it: {called()} sample clear"


def stale_hint(integration: str, since: datetime | None, what: str = "this") -> str:
    """«Slack has not been heard since Fri 27 Nov 2026 12:04 UTC (5 h ago): this may be out of date.»"""
    if since is None:
        return f"{integration} has not been heard yet: {what} may be out of date."
    return f"{integration} has not been heard since {moment_said(since)} ({_ago(since)}): {what} may be out of date."


def _ago(since: datetime) -> str:
    words = ago(since, datetime.now(UTC))
    return "just now" if words == "now" else words


def archive_hint(newest: datetime | None) -> str | None:
    """An old archive judged today has nothing pressing in it: say how to see it at its own time."""
    if newest is None or datetime.now(UTC) - newest < _OLD:
        return None
    day = f"{newest:%Y-%m-%d}"
    return f"\nThe newest message here is of {day}. Judge an archive at its own time: --at {day}"
