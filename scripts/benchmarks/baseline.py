"""The rows that an import stored, written again by the bare driver: what storing them costs at least.

Into the same tables with the same indexes and the same full text, the same page in each transaction; but nothing has
to be looked up, threaded, derived or scored, and every row is written once, as it stands at the end.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import URL

import app.domains.people.models
import app.domains.tasks.models  # noqa: F401 - fills the metadata
from app.core.database import Base
from scripts.benchmarks.databases import columns_of, connect, inserting

Row = tuple[Any, ...]
Pages = list[list[tuple[str, list[Row]]]]
"""Of each transaction: statements, and the rows of each."""

_PARENTS = (("item_id", "items"), ("task_id", "tasks"), ("person_id", "people"))
"""A row with such a column is written on the page of what it belongs to."""


def seconds_for(pages: Pages, into: URL) -> float:
    """Write all pages into a migrated, empty database."""
    connection = connect(into)
    begin = "BEGIN IMMEDIATE" if into.get_backend_name() == "sqlite" else "BEGIN"
    cursor = connection.cursor()
    begun = time.perf_counter()
    for page in pages:
        cursor.execute(begin)
        for statement, rows in page:
            cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
    took = time.perf_counter() - begun
    connection.close()
    return took


def pages_of(filled: URL, page_size: int) -> Pages:
    """The rows of a filled database, in the transactions in which an import would write them."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "idempotency_keys"]
    rows = _rows(filled, tables)
    place = _places(tables, rows, page_size)
    count = max(place["items"].values(), default=0) + 1
    pages: Pages = [[] for _ in range(count)]
    for table in tables:
        split: defaultdict[int, list[Row]] = defaultdict(list)
        where = _where(table, place)
        for row in rows[table.name]:
            split[min(where(row), count - 1)].append(row)
        statement = inserting(filled, table.name, columns_of(table))
        for number, some in sorted(split.items()):
            pages[number].append((statement, some))
    return pages


def _rows(filled: URL, tables: Sequence[Table]) -> dict[str, list[Row]]:
    connection = connect(filled)
    rows = {}
    for table in tables:
        names = columns_of(table)
        order = "merged_into IS NOT NULL, id" if table.name == "tasks" else ", ".join(c.name for c in table.primary_key)
        shown = names if filled.get_backend_name() == "sqlite" else [_as_text(table, name) for name in names]
        cursor = connection.cursor()
        rows[table.name] = list(
            cursor.execute(f"SELECT {', '.join(shown)} FROM {table.name} ORDER BY {order}").fetchall()
        )
    connection.close()
    return rows


def _as_text(table: Table, name: str) -> str:
    """JSON as the text it is: psycopg would read it, and could not write what it read."""
    return f"{name}::text" if str(table.c[name].type) == "JSON" else name


def _places(tables: Sequence[Table], rows: dict[str, list[Row]], page_size: int) -> dict[str, dict[Any, int]]:
    """The page of each item, task and person by id: a task comes with its first item."""
    by_name = {table.name: columns_of(table) for table in tables}
    items = by_name["items"]
    own, task = items.index("id"), items.index("task_id")
    place: dict[str, dict[Any, int]] = {"items": {}, "tasks": {}, "people": {}}
    for number, row in enumerate(sorted(rows["items"], key=lambda row: row[own])):
        place["items"][row[own]] = number // page_size
        if row[task] is not None:
            place["tasks"].setdefault(row[task], number // page_size)
    people = rows.get("people", [])
    pages = len(rows["items"]) // page_size + 1
    for number, row in enumerate(people):
        place["people"][row[0]] = number * pages // len(people)
    return place


def _where(table: Table, place: dict[str, dict[Any, int]]) -> Callable[[Row], int]:
    names = columns_of(table)
    last = max(place["items"].values(), default=0)
    if table.name in place:
        own = names.index("id")
        return lambda row: place[table.name].get(row[own], last)
    for column, parent in _PARENTS:
        if column in names:
            at = names.index(column)
            return lambda row: place[parent].get(row[at], last)
    return lambda row: 0
