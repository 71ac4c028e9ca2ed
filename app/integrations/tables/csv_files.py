"""CSV of any make: delimiter, charset and header are judged by content; memory is bounded by one row.

RFC 4180 is what few follow: here come semicolons, tabs, bars, UTF-16, a «sep=;» line, ragged rows, names that stand
twice (Jira has a column «Labels» for each label) and quotes that never end.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TextIO

from app.integrations.exports import charset
from app.integrations.exports.columns import holds_one, is_known
from app.integrations.exports.file_charset import Charset, charset_of, charset_of_bytes
from app.integrations.tables.header import is_header, named
from app.integrations.tables.sheet import Row, Sheet
from app.records import Progress, Read, Refusal

HEAD = 65_536
LONGEST_FIELD = 4_000_000
"""Characters. A quote that never ends is given up after so many; the csv module's own bound cuts off real texts."""
LONGEST_LINE = 1_000_000
"""Characters read at once: a file without a line end is no reason to hold all of it."""
DELIMITERS = ",;\t|"
LOOKED_AT = 30
"""Rows by which the delimiter is judged."""

_SUFFIXES = {".csv", ".tsv", ".tab"}
_OTHER = re.compile(rb"\s*(?:[\[{<]|From |%PDF|PK\x03\x04|\x1f\x8b|[A-Za-z-]{2,40}: )")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?\Z", re.IGNORECASE)
_ESCAPED = re.compile("[\udc80-\udcff]")
"""Bytes that are no UTF-8, as Python lets them through."""


BY_BYTES = ("utf-8", "cp1252")


class Form(NamedTuple):
    """How a file is written."""

    encoding: str
    delimiter: str
    note: str
    """A sentence where the charset was guessed."""


def recognises(path: Path) -> bool:
    """Whether it is a table with a header, and not text with commas in it. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    encoding = _charset(head, [head]).name
    if not head.strip() or not encoding or (encoding in BY_BYTES and (b"\0" in head or _OTHER.match(head))):
        return False
    sample = _whole_lines(head, encoding)
    delimiter = delimiter_of(sample)
    rows = _sample_rows(sample, delimiter)
    if not rows or not is_header(rows[0], rows[1:]):
        return False
    known = sum(is_known(name) for name in rows[0])
    if len(rows[0]) == 1:
        return path.suffix.lower() in _SUFFIXES and known > 0
    if len(rows) == 1:
        return known >= 2 or (path.suffix.lower() in _SUFFIXES and known > 0)
    return _evenness(rows) >= 0.6 and (known > 1 or path.suffix.lower() in _SUFFIXES)


def sheet(path: Path) -> Sheet:
    return Sheet(path.stem, partial(_rows, path))


def _charset(head: bytes, blocks: Iterable[bytes] | Path) -> Charset:
    """By `head` where it is UTF-16 or no text at all, else by everything in `blocks`, or in the file at that path."""
    if (encoding := encoding_of(head)) != "utf-8":
        return Charset(encoding, "")
    return charset_of(blocks) if isinstance(blocks, Path) else charset_of_bytes(blocks)


def encoding_of(head: bytes) -> str:
    """utf-16 of either sort, utf-8 for any other text, "" where it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    zeros = (head[0:2000:2].count(0), head[1:2000:2].count(0))
    if max(zeros) * 4 > len(head[:2000]):
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    return "" if head[:2000].count(0) * 50 > len(head[:2000]) else "utf-8"


def delimiter_of(sample: str) -> str:
    """The one that parts the first rows into the most even columns; a comma where none does."""

    def evenness(delimiter: str) -> tuple[float, int]:
        rows = _sample_rows(sample, delimiter)
        width = len(rows[0]) if rows else 1
        return (_evenness(rows), width) if width > 1 else (0.0, 0)

    if found := _SEPARATOR_LINE.match(sample.split("\n", 1)[0]):
        return found[1]
    return max(DELIMITERS, key=evenness)


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    """The share of rows as wide as the header."""
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _whole_lines(head: bytes, encoding: str) -> str:
    text = head.decode(encoding, _errors(encoding)).removeprefix("\ufeff")
    return text if len(head) < HEAD else text[: text.rfind("\n") + 1] or text


def _errors(encoding: str) -> str:
    """Bytes that are no UTF-8 stay as they are until their cell is read."""
    return "surrogateescape" if encoding == "utf-8" else "replace"


def _sample_rows(sample: str, delimiter: str) -> list[list[str]]:
    lines = sample.splitlines(keepends=True)
    lines = lines[1:] if lines and _SEPARATOR_LINE.match(lines[0]) else lines
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) >= LOOKED_AT:
                break
    except csv.Error:
        pass  # a field beyond the bound: what came before it tells enough
    return rows[:-1] if len(rows) > 3 and len(sample) >= HEAD // 2 else rows


def form_of(path: Path) -> Form:
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = _charset(head, path)
    encoding = found.name or "utf-8"
    note = found.note if encoding != "utf-8" else ""  # else the rows say so that hold such bytes
    return Form(encoding, delimiter_of(_whole_lines(head, encoding)), note)


def _rows(path: Path) -> Iterator[Row | Read]:
    form = form_of(path)
    size = path.stat().st_size
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding=form.encoding, errors=_errors(form.encoding), newline="") as text,
    ):
        names: tuple[str, ...] = ()
        notes = (form.note,) if form.note else ()
        for line, cells, trouble in _parsed(_lines(text), form.delimiter):
            progress = Progress(min(raw.tell(), size), size)
            place = f"{path.name}, line {line}"
            if trouble:
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


def _lines(text: TextIO) -> Iterator[str]:
    first = text.readline(LONGEST_LINE).removeprefix("\ufeff")
    if not _SEPARATOR_LINE.match(first):
        yield first
    while line := text.readline(LONGEST_LINE):
        yield line


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(line at which it begins, cells, what is wrong) of each row."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            why = f"A field is longer than {LONGEST_FIELD:,} characters: perhaps a quote that never ends."
            yield begins, [], why
        except (UnicodeError, EOFError):
            yield begins, [], "Reading stopped here: the text is damaged or cut off; what comes after it is missing."
            return
        else:
            yield begins, cells, ""


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
