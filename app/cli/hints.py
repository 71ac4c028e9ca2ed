"""What a person could do next, said below the queue."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.cli.running import called

if TYPE_CHECKING:
    from app.domains.tasks.schemas import TaskOut

_OLD = timedelta(days=60)


def sample_hint(tasks: "Sequence[TaskOut]") -> str | None:
    """That an invented company is among what is shown."""
    if not any(task.source.sample for task in tasks):
        return None
    return f"\nSample data: an invented company. Clear it: {called()} sample clear"


def archive_hint(newest: datetime | None) -> str | None:
    """An old archive judged today has nothing pressing in it: say how to see it at its own time."""
    if newest is None or datetime.now(UTC) - newest < _OLD:
        return None
    day = f"{newest:%Y-%m-%d}"
    return f"\nThe newest message here is of {day}. Judge an archive at its own time: --at {day}"
