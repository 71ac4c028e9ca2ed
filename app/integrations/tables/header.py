"""A table's first row: whether it names the columns, and by which names."""

import re
from collections.abc import Sequence
from datetime import UTC

from app.integrations.exports import charset
from app.integrations.exports.columns import is_known
from app.integrations.exports.dates import moment

LONGEST_NAME = 120

_VALUE = re.compile(r"[-+]?[\d.,\s]+%?|[^\s@]+@[^\s@]+\.\w+|https?://\S+", re.IGNORECASE)


def is_header(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether `cells` are names of columns and no values. `rows` come after it, where they are known."""
    names = [" ".join(cell.split()) for cell in cells if cell.strip()]
    if not names or len(names) * 2 < len(cells):
        return False
    if any(len(name) > LONGEST_NAME or _is_value(name) for name in names):
        return False
    if any(is_known(name) for name in names):
        return True
    return max(len(name) for name in names) <= 60 and len(set(names)) == len(names) and list(cells) not in rows


def _is_value(name: str) -> bool:
    if _VALUE.fullmatch(name) and name != "#":
        return True
    return any(c.isdigit() for c in name) and moment(name, zone=UTC, day_first=None, relative_to=None) is not None


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns' names: clean, and never empty."""
    clean = (" ".join(charset.clean(cell).split())[:LONGEST_NAME] for cell in cells)
    return tuple(name or f"Column {number}" for number, name in enumerate(clean, 1))
