"""Todoist's CSV: sections, notes and settings stand among its tasks, told by TYPE; each row names its time zone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC

from app.integrations.contract import Column
from app.integrations.exports.columns import AS_SAID
from app.integrations.exports.dates import moment
from app.integrations.exports.rows import LONGEST_TEXT, Cells, Layout, zone_of
from app.integrations.tables.sheet import Row
from app.records import Automation, Item, Read, Refusal

_KINDS = {"section": "a section", "note": "a note that stands before any task", "meta": "a setting of the view"}


def _kind(cells: Cells) -> str:
    """«task», «note», …; "" in any other table."""
    return cells.get("TYPE", "").strip().lower() if "CONTENT" in cells else ""


def as_section(what: Item | Refusal, cells: Cells) -> Item | Refusal:
    """`what` without its work, where its row says that it is no task."""
    kind = _kind(cells)
    if not isinstance(what, Item) or kind not in _KINDS:
        return what
    return replace(what, work=None, automation=Automation("record", f"Its TYPE is «{kind}»: {_KINDS[kind]}, no task."))


def with_notes(rows: Iterable[Row | Read]) -> Iterator[Row | Read]:
    """`rows`, with the notes on a task in its description: they follow it as rows of their own."""
    task: Row | None = None
    for row in rows:
        kind = _kind(row.cells) if isinstance(row, Row) else ""
        if task and isinstance(row, Row) and kind == "note":
            task = _noted(task, row)
            continue
        if task:
            yield task
        task = row if isinstance(row, Row) and kind == "task" else None
        if not task:
            yield row
    if task:
        yield task


def _noted(task: Row, note: Row) -> Row:
    text = task.cells.get("DESCRIPTION", "")
    if len(text) > LONGEST_TEXT:  # the item says that it is cut off there
        return replace(task, progress=note.progress)
    text = "\n\n".join(part for part in (text, _written(note.cells)) if part)
    problems = (*task.problems, *(problem for problem in note.problems if problem not in task.problems))
    return replace(task, cells={**task.cells, "DESCRIPTION": text}, progress=note.progress, problems=problems)


def _written(note: Cells) -> str:
    author = note.get("AUTHOR", "").partition(" (")[0].strip()
    at = moment(note.get("DATE", ""), zone=UTC, day_first=None, relative_to=None)
    said = ", ".join(part for part in (author, f"{at.at:%Y-%m-%d}" if at else "") if part)
    return f"{said}: {note['CONTENT']}" if said else note["CONTENT"]


def without_type(columns: Sequence[Column]) -> tuple[Column, ...]:
    """TYPE says what a row is, and is no label of a task."""
    if not {"TYPE", "CONTENT"} <= {column.name for column in columns}:
        return tuple(columns)
    why = "tells tasks from sections, notes and settings"
    return tuple(
        replace(column, field=None, why=why) if column.name == "TYPE" and column.why != AS_SAID else column
        for column in columns
    )


def in_its_zone(table: Layout, cells: Cells) -> Layout:
    """`table` with the time zone that the row names for its dates."""
    named = cells.get("TIMEZONE", "").strip() if _kind(cells) else ""
    return replace(table, zone=zone_of(named, table.zone)) if named else table
