"""A sheet, whatever file it came from: its columns, and its rows as items."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from app.integrations.contract import Column, Options, Table
from app.integrations.exports import rows
from app.integrations.exports.columns import LOOKED_AT, guess
from app.integrations.exports.rows_alike import apart
from app.integrations.tables.sheet import Row, Sheet
from app.integrations.tables.todoist import as_section, in_its_zone, with_notes, without_type
from app.records import Item, Read, Refusal

SHOWN = 5
"""Rows of a preview."""


def columns_of(first: Sequence[Row], options: Options) -> tuple[Column, ...]:
    """Every column that one of the first rows has, in the order in which they come."""
    names = list(dict.fromkeys(name for row in first for name in row.cells))
    return without_type(guess(names, [[row.cells.get(name, "") for name in names] for row in first], options))


def read_sheet(sheet: Sheet, options: Options) -> Iterator[Read]:
    """Each row as an item. Raises OSError where the file can't be opened."""
    first, columns = _look(sheet, options)
    table = rows.layout(columns, [row.cells for row in first], options)
    named = (row.cells for row in sheet.rows() if isinstance(row, Row))
    table = replace(table, names=rows.named_rows(named, table))
    shared = rows.shared_ids((row.cells for row in with_notes(sheet.rows()) if isinstance(row, Row)), table)
    seen: dict[int, int] = {}
    for row in with_notes(sheet.rows()):
        if isinstance(row, Read):
            yield row
            continue
        what = item_of(row, table)
        yield Read(apart(what, seen, shared) if isinstance(what, Item) else what, row.place, row.progress)


def item_of(row: Row, table: rows.Layout) -> Item | Refusal:
    table = in_its_zone(table, row.cells)
    return as_section(rows.to_item(row.cells, table, row.place, row.problems), row.cells)


def table_of(sheet: Sheet, options: Options) -> Table:
    """The table for people to look at, with its first rows."""
    first, columns = _look(sheet, options)
    table = rows.layout(columns, [row.cells for row in first], options)
    shown = (item_of(row, table) for row in first)
    return Table(name=sheet.name, columns=columns, rows=tuple(islice((i for i in shown if isinstance(i, Item)), SHOWN)))


def _look(sheet: Sheet, options: Options) -> tuple[list[Row], tuple[Column, ...]]:
    first = [row for row in islice(with_notes(sheet.rows()), LOOKED_AT) if isinstance(row, Row)]
    return first, columns_of(first, options)
