"""A table in a file, before anything is known of what its columns mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.integrations.exports.rows import Cells
from app.records import Progress, Read


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in its file."""

    cells: Cells
    place: str
    """«tasks.csv, line 12»."""
    progress: Progress
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in a file. `rows` opens it anew at each call, raising OSError, and reads lazily."""

    name: str
    rows: Callable[[], Iterator[Row | Read]]
    """A row that can't be read comes as the Read of its Refusal."""
