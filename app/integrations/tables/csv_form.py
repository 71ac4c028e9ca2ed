"""How a CSV file is written: its charset and delimiter, judged by its first rows; and the rows that its lines make."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from app.integrations.exports.file_charset import Charset, charset_of, charset_of_bytes

HEAD = 65_536
BY_BYTES = ("utf-8", "cp1252")
LONGEST_FIELD = 4_000_000
"""Characters. A quote that never ends is given up after so many; the csv module's own bound cuts off real texts."""
LONGEST_LINE = 1_000_000
"""Characters read at once: a file without a line end is no reason to hold all of it."""
DELIMITERS = ",;\t|"
LOOKED_AT = 30
"""Rows by which the delimiter is judged."""


NEVER_CLOSED = "A quote in this row is never closed: all that follows, to the end of the file, is one cell of it."

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?\Z", re.IGNORECASE)


class Form(NamedTuple):
    """How a file is written."""

    encoding: str
    delimiter: str
    note: str
    """A sentence where the charset was guessed."""


def charset_in(head: bytes, blocks: Iterable[bytes] | Path) -> Charset:
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

    def fitness(delimiter: str) -> tuple[float, int]:
        rows = sample_rows(sample, delimiter)
        width = len(rows[0]) if rows else 1
        return (evenness(rows), width) if width > 1 else (0.0, 0)

    if found := _SEPARATOR_LINE.match(sample.split("\n", 1)[0]):
        return found[1]
    return max(DELIMITERS, key=fitness)


def evenness(rows: Sequence[Sequence[str]]) -> float:
    """The share of rows as wide as the header."""
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def whole_lines(head: bytes, encoding: str) -> str:
    text = head.decode(encoding, errors(encoding)).removeprefix("\ufeff")
    return text if len(head) < HEAD else text[: text.rfind("\n") + 1] or text


def errors(encoding: str) -> str:
    """Bytes that are no UTF-8 stay as they are until their cell is read."""
    return "surrogateescape" if encoding == "utf-8" else "replace"


def sample_rows(sample: str, delimiter: str) -> list[list[str]]:
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


def never_closes(path: Path) -> int:
    """The line of the row with a quote that never closes; 0 where there is none in the first rows. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD + 1)
    if len(head) > HEAD:
        return 0
    text = whole_lines(head, charset_in(head, [head]).name or "utf-8")
    rows = parsed(text.splitlines(keepends=True), delimiter_of(text))
    return next((line for line, _, trouble in rows if trouble == NEVER_CLOSED), 0)


def form_of(path: Path) -> Form:
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = charset_in(head, path)
    encoding = found.name or "utf-8"
    note = found.note if encoding != "utf-8" else ""  # else the rows say so that hold such bytes
    return Form(encoding, delimiter_of(whole_lines(head, encoding)), note)


def lines(text: TextIO) -> Iterator[str]:
    first = text.readline(LONGEST_LINE).removeprefix("\ufeff")
    if not _SEPARATOR_LINE.match(first):
        yield first
    while line := text.readline(LONGEST_LINE):
        yield line


def parsed(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(line at which it begins, cells, what is wrong) of each row; no cells where it can't be read at all."""
    ended: list[bool] = []

    def until_the_end() -> Iterator[str]:
        yield from lines
        ended.append(True)

    reader = csv.reader(until_the_end(), delimiter=delimiter)
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
            # Only within quotes does a row go on beyond its line: this one wanted a line that is not there.
            yield begins, cells, NEVER_CLOSED if ended else ""
