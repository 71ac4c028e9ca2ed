"""Tables as Notion exports them in CSV: the title's column first, everything as text."""

import csv
import io
from collections.abc import Iterator

from app.integrations.notion.read import Listing, Row, written_cell

MOST_FIELD = 4_000_000
"""Characters of one field; Python's own limit of 131,072 is below what a long text property may hold."""


def listing(text: str, name: str, own: str) -> Listing:
    """The table in `text`. What breaks off is told in `problems`; the rows before it are kept."""
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    problems: list[str] = []
    lines = records(reader, problems)
    names = columns(next(lines, []))
    rows: list[Row] = []
    for place, record in enumerate(lines, start=1):
        if len(record) > len(names):
            names += [f"Column {number}" for number in range(len(names) + 1, len(record) + 1)]
        cells = {column: written_cell(value) for column, value in zip(names, record, strict=False)}
        title = " ".join(record[0].split()) if record else ""
        rows.append(Row(cells=cells, title=title, place=f"row {place}"))
    return Listing(name=name, own=own, names=tuple(names), rows=tuple(rows), problems=tuple(problems))


def records(reader: Iterator[list[str]], problems: list[str]) -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            problems.append("The table breaks off: a field is longer than can be read, or its quotes never end.")
            return


def columns(header: list[str]) -> list[str]:
    """Names for all columns, each its own."""
    out: list[str] = []
    for place, written in enumerate(header, start=1):
        name = " ".join(written.split()) or f"Column {place}"
        out.append(name if name not in out else f"{name} ({place})")
    return out
