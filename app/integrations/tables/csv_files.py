"""CSV of any make: delimiter, charset and header are judged by content; memory is bounded by one row.

RFC 4180 is what few follow: here come semicolons, tabs, bars, UTF-16, a «sep=;» line, ragged rows, names that stand
twice (Jira has a column «Labels» for each label) and quotes that never end.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from app.integrations.exports import charset
from app.integrations.exports.binary import binary
from app.integrations.exports.columns import holds_one, is_known
from app.integrations.tables.csv_form import (
    BY_BYTES,
    HEAD,
    LONGEST_FIELD,
    charset_in,
    delimiter_of,
    errors,
    evenness,
    form_of,
    lines,
    never_closes,
    parsed,
    sample_rows,
    whole_lines,
)
from app.integrations.tables.header import is_header, named
from app.integrations.tables.sheet import Row, Sheet
from app.records import Progress, Read, Refusal

_SUFFIXES = {".csv", ".tsv", ".tab"}
_OTHER = re.compile(rb"\s*(?:[\[{<]|From |%PDF|PK\x03\x04|\x1f\x8b|[A-Za-z-]{2,40}: )")
_ESCAPED = re.compile("[\udc80-\udcff]")
"""Bytes that are no UTF-8, as Python lets them through."""


def recognises(path: Path) -> bool:
    """Whether it is a table with a header, and not text with commas in it. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    encoding = charset_in(head, [head]).name
    if not head.strip() or not encoding or (encoding in BY_BYTES and (b"\0" in head or _OTHER.match(head))):
        return False
    sample = whole_lines(head, encoding)
    delimiter = delimiter_of(sample)
    rows = sample_rows(sample, delimiter)
    if not rows or not is_header(rows[0], rows[1:]):
        return False
    known = sum(is_known(name) for name in rows[0])
    if len(rows[0]) == 1:
        return path.suffix.lower() in _SUFFIXES and known > 0
    if len(rows) == 1:
        return known >= 2 or (path.suffix.lower() in _SUFFIXES and known > 0)
    return evenness(rows) >= 0.6 and (known > 1 or path.suffix.lower() in _SUFFIXES)


def why_not(path: Path) -> str:
    """A clause that says why the file is no table, though it is called one; "" where nothing can be said.

    Raises OSError.
    """
    if path.suffix.lower() not in _SUFFIXES:
        return ""
    if line := never_closes(path):
        return f"has a quote in line {line} that is never closed, so that its rows can't be told apart"
    with path.open("rb") as file:
        head = file.read(HEAD)
    encoding = charset_in(head, [head]).name
    if not encoding or not head.strip():
        return ""
    sample = whole_lines(head, encoding)
    rows = sample_rows(sample, delimiter_of(sample))
    if rows and is_header(rows[0], rows[1:]) and (len(rows[0]) > 1 or is_known(rows[0][0])):
        return "is no table: most of its rows are not as wide as its first"
    return "has no heading row: its first row must hold the columns' names, such as Title, Status and Due"


def sheet(path: Path) -> Sheet:
    return Sheet(path.stem, partial(_rows, path))


def _rows(path: Path) -> Iterator[Row | Read]:
    if what := binary(path):
        yield Read(Refusal(path.name, f"It {what}."), path.name)
        return
    form = form_of(path)
    size = path.stat().st_size
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=form.encoding, errors=errors(form.encoding), newline="") as text,
    ):
        names: tuple[str, ...] = ()
        notes = (form.note,) if form.note else ()
        for line, cells, trouble in parsed(lines(text), form.delimiter):
            progress = Progress(min(raw.tell(), size), size)
            notes = (*notes, trouble) if trouble and cells else notes
            place = f"{path.name}, line {line}"
            if trouble and not cells:
                yield Read(Refusal(place, trouble), place, progress)
            elif not any(cell.strip() for cell in cells):
                continue
            elif not names:
                if is_header(cells, ()):
                    names = named([_clean(cell)[0] for cell in cells])
                    notes = (*notes, *_twice(names))
                    continue
                names = tuple(f"Column {number}" for number in range(1, len(cells) + 1))
                yield _row(names, cells, place, progress, notes)
                notes = ()
            else:
                yield _row(names, cells, place, progress, notes)
                notes = ()
        if not names:
            why = "The file is empty." if not size else "There is no row in it."
            yield Read(Refusal(path.name, why), path.name, Progress(size, size))


def _row(names: Sequence[str], cells: Sequence[str], place: str, progress: Progress, said: Sequence[str]) -> Row:
    read, notes = zip(*(_clean(cell) for cell in cells), strict=True)
    problems = [*said, *(note for note in dict.fromkeys(notes) if note)]
    beyond = [cell for cell in read[len(names) :] if cell.strip()]
    if beyond:
        problems.append(f"The row has {len(cells)} cells and the header {len(names)}: the rest is kept as «beyond».")
    together: dict[str, str] = dict.fromkeys(names, "")
    for name, cell in zip(names, read, strict=False):
        _put(together, name, cell.strip())
    if beyond:
        together["beyond"] = "; ".join(beyond)
    return Row(together, place, progress, tuple(problems))


def _twice(names: Sequence[str]) -> list[str]:
    """A sentence for each name that stands several times where one value alone can count."""
    return [
        f"{number} columns are called «{name}»: in each row the first that is filled counts, others are kept beside it."
        for name, number in Counter(names).items()
        if number > 1 and holds_one(name)
    ]


def _put(row: dict[str, str], name: str, cell: str) -> None:
    """Columns of one name are one: their cells are joined. Where only one can count, another stands beside it."""
    if row[name] and cell and cell != row[name] and holds_one(name):
        row[f"{name} (2)"] = _joined(row.get(f"{name} (2)", ""), cell)
    else:
        row[name] = _joined(row[name], cell)


def _joined(before: str, cell: str) -> str:
    if not before or not cell or cell == before:
        return before or cell
    return f"{before}\n\n{cell}" if "\n" in before + cell else f"{before}; {cell}"


def _clean(cell: str) -> tuple[str, str]:
    """The cell as clean text, and a note where its bytes were not UTF-8."""
    if cell.isascii() and cell.isprintable():
        return cell, ""
    raw = cell.encode("utf-8", "surrogateescape") if _ESCAPED.search(cell) else b""
    return charset.decode(raw) if raw else (charset.clean(cell), "")
