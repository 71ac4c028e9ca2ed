"""What the columns of a table mean, guessed so that people can see why and correct it.

In this order: what the person said; the type of the column, where its source has types; its name; the values that
stand in it. A name is believed only as far as the values allow: a «Due» without any date in it is no due date. Each
field goes to one column, unless the person says otherwise.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from app.integrations.contract import Column, Field, Options
from app.integrations.exports.column_names import NAMES, OTHER_MEANINGS, WORDS
from app.integrations.exports.dates import moment
from app.integrations.exports.row_status import counts
from app.integrations.exports.values import plain, priority_of, status_of, truth_of

LOOKED_AT = 200
"""Rows that are looked at."""
LONGEST_EXAMPLE = 80

BY_NAME, BY_VALUES, BY_TYPE = "by its name", "by its values", "by its type"
KEPT, FOR_STATUS = "kept and shown, without a meaning for the ranking", "kept and shown, and counts for the status"
AS_SAID, LEFT_OUT, FIRST_WORDS = "as you said", "left out, as you said", "the first column with words"

_DATES: tuple[Field, ...] = ("due", "scheduled", "started", "finished", "created", "changed")
_RANKS = frozenset(("urgent", "high", "normal", "low"))
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_DATE_NAMES = frozenset(("date", "datum", "fecha", "when", "wann", "quand", "cuándo", "day", "jour", "día"))
LONGEST_NAME = 300
"""Characters by which a column is told: the patterns below would take minutes over a page of brackets."""
_NAMELESS = re.compile(r"(?:column|field|spalte|colonne|columna)? ?(?:\d+|[a-z])?")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A column and what stands in it."""

    place: int
    name: str
    plain: str
    whole: str
    """Its name with what stands in brackets: «Inward issue link (Blocks)» is known by it."""
    cells: tuple[str, ...]
    """Those that are not empty."""
    rows: int


def guess(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    options: Options,
    types: Mapping[str, Field] | None = None,
) -> tuple[Column, ...]:
    """What each column is taken to mean, in the order of `names`.

    `rows` are the first rows, each with a cell for each name; `types` says what columns mean whose source has types.
    """
    seen = [_look(place, name, rows[:LOOKED_AT]) for place, name in enumerate(names)]
    found = _as_said(seen, options)
    free = [column for column in seen if column.place not in found]
    _take(found, free, {c.place: f for c in free if (f := (types or {}).get(c.name))}, BY_TYPE)
    _take_by_name(found, free, [column for column in free if column.cells])
    _take_by_values(found, free)
    _take_by_name(found, free, free)  # an empty column takes only what no other holds
    _take_title(found, free)
    return tuple(_column(column, found.get(column.place)) for column in seen)


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A column's name as it is compared: words in lower case, without emoji, marks and what is wrapped around them.

    >>> plain_name("fields.dueDate"), plain_name("Assigned to (person)"), plain_name("assignee.displayName")
    ('due date', 'assigned to', 'assignee')
    """
    bare = re.sub(
        r"\A(?:fields|properties|attributes|data|node|content)[./](?=.)", "", " ".join(name.split())[:LONGEST_NAME]
    )
    bare = re.sub(
        r"(?<=.)\.(?:name|displayName|display_name|value|login|title|label|text|start)\Z", "", bare.removeprefix("*")
    )
    bare = re.sub(r"\A(?:custom field|cf)\s*\((.*)\)\Z", r"\1", bare, flags=re.IGNORECASE)  # Jira
    bare = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ][a-zà-ÿ])", " ", bare)
    without = re.sub(r"\s*[(\[].*?[)\]]", "", bare)
    return plain(without).rstrip("?:* ") or bare.strip().casefold()


def holds_one(name: str) -> bool:
    """Whether a column of this name holds a single value, so that two of them can't be joined: «Due date»."""
    return any(plain_name(name) in _ALL[field] for field in (*_DATES, "title", "status", "priority", "id", "url"))


def is_known(name: str) -> bool:
    """Whether a column of this name means something by itself."""
    return any(plain_name(name) in _ALL[field] for field in NAMES)


_ALL: Mapping[Field, Mapping[str, int]] = {
    field: {plain(name) or name: place for place, name in reversed(list(enumerate(names)))}
    for field, names in NAMES.items()
}


def _look(place: int, name: str, rows: Sequence[Sequence[str]]) -> _Seen:
    cells = tuple(cell for row in rows if place < len(row) and (cell := row[place].strip()))
    return _Seen(place, name, plain_name(name), plain(re.sub(r"[()\[\]]", " ", name)), cells, len(rows))


Found = dict[int, tuple[Field | None, str]]
"""A column's place to its meaning, and why."""


def _as_said(seen: Sequence[_Seen], options: Options) -> Found:
    said = {name.strip().casefold(): field for name, field in options.columns.items()}
    return {
        column.place: (None if field == "keep" else field, AS_SAID if field else LEFT_OUT)
        for column in seen
        if (key := column.name.strip().casefold()) in said
        for field in (said[key],)
    }


def _taken(found: Found) -> set[Field]:
    return {field for field, _ in found.values() if field}


def _take(found: Found, free: list[_Seen], wanted: Mapping[int, Field], why: str) -> None:
    """Give what is wanted to each column that is free, as far as no other holds it."""
    for column in list(free):
        field = wanted.get(column.place)
        if field and field not in _taken(found):
            found[column.place] = (field, why)
            free.remove(column)


def _take_by_name(found: Found, free: list[_Seen], among: Sequence[_Seen]) -> None:
    """The surest name first, whichever field and column it is for."""
    claims = [
        (rank, column.place, field)
        for column in among
        for field in NAMES
        if (rank := _rank(column, field)) is not None and _allows(column, field)
    ]
    by_place = {column.place: column for column in free}
    for _, place, field in sorted(claims):
        if place not in found and field not in _taken(found):
            found[place] = (field, BY_NAME)
            free.remove(by_place[place])


def _rank(column: _Seen, field: Field) -> int | None:
    """How sure a name is, the least the surest: its place in the list of names, behind them its single words."""
    for name in (column.plain, column.whole):
        if (place := _ALL[field].get(name)) is not None:
            return place
    words = set(column.plain.split())
    if words & WORDS.get(field, frozenset()) and not words & OTHER_MEANINGS and len(words) <= 5:
        return 1000
    return None


def _allows(column: _Seen, field: Field) -> bool:
    """Whether the values can be what the name says."""
    cells = column.cells
    if not cells:
        return True
    if field in _DATES:
        return _share(cells, _is_date) >= 0.5
    if field == "status":
        return _share(cells, _is_date) < 0.5
    if field == "id":
        return len(set(cells)) == len(cells) and max(map(len, cells)) <= 200
    if field == "url":
        return _share(cells, lambda cell: "://" in cell) >= 0.5
    if field in ("title", "assignee", "creator", "project"):
        return _share(cells, lambda cell: truth_of(cell) is None or cell.isdigit()) > 0.5
    return True


def _take_by_values(found: Found, free: list[_Seen]) -> None:
    taken = _taken(found)
    if "status" not in taken and (column := next((c for c in free if _are_statuses(c)), None)):
        _take(found, free, {column.place: "status"}, BY_VALUES)
    if "priority" not in taken and (column := next((c for c in free if _are_priorities(c)), None)):
        _take(found, free, {column.place: "priority"}, BY_VALUES)
    if "due" not in taken and (column := _due_of(free)):
        _take(found, free, {column.place: "due"}, BY_VALUES)


def _due_of(free: Sequence[_Seen]) -> _Seen | None:
    """The column called «Date»; or the only one with dates, where its name says nothing at all."""
    dates = [c for c in free if c.cells and _share(c.cells, _is_date) >= 0.5 and not c.cells[0].isdigit()]
    named = [c for c in dates if c.plain in _DATE_NAMES]
    if named or len(dates) != 1:
        return next(iter(named), None)
    return dates[0] if _NAMELESS.fullmatch(dates[0].plain) and _share(dates[0].cells, _is_date) >= 0.8 else None


def _take_title(found: Found, free: list[_Seen]) -> None:
    if "text" in _taken(found):
        return  # its first line is the title
    words = next((c for c in free if _are_words(c)), None)
    if column := words or next((c for c in free if c.cells), None):
        _take(found, free, {column.place: "title"}, FIRST_WORDS)


def _are_statuses(column: _Seen) -> bool:
    few = set(column.cells)
    if not len(column.cells) > 1 or len(few) > 15:
        return False
    named = [cell for cell in few if truth_of(cell) is None and status_of(cell)]
    return len(named) * 5 >= len(few) * 4


def _are_priorities(column: _Seen) -> bool:
    few = set(column.cells)
    if not 1 < len(few) <= 8 or len(column.cells) < 3 or any(cell.isdigit() or len(cell) < 2 for cell in few):
        return False
    return sum(priority_of(cell) in _RANKS for cell in few) * 5 >= len(few) * 4


def _are_words(column: _Seen) -> bool:
    return bool(column.cells) and _share(column.cells, _is_words) >= 0.5


def _is_words(cell: str) -> bool:
    return any(c.isalpha() for c in cell) and truth_of(cell) is None and "://" not in cell and not _is_date(cell)


def _is_date(cell: str) -> bool:
    return moment(cell, zone=UTC, day_first=None, relative_to=_SOME_DAY) is not None


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(test(cell) for cell in cells[:50]) / len(cells[:50])


def _column(column: _Seen, meaning: tuple[Field | None, str] | None) -> Column:
    different = dict.fromkeys(" ".join(cell.split())[:LONGEST_EXAMPLE] for cell in column.cells)
    field, why = meaning or (None, FOR_STATUS if counts(column.plain) else KEPT)
    return Column(name=column.name, field=field, why=why, examples=tuple(list(different)[:3]))
