"""JSON with tasks in it: which of its lists holds them, and its objects as rows.

What stands within an object comes as a column of its own: «fields.status.name». Lists become text, of objects their
names.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from app.integrations.exports import charset
from app.integrations.exports.binary import binary
from app.integrations.exports.column_names import NAMES
from app.integrations.exports.columns import plain_name
from app.integrations.exports.file_charset import charset_of
from app.integrations.exports.json_scan import Broken, Found, scan
from app.integrations.tables.sheet import Row, Sheet
from app.records import Progress, Read, Refusal

DEEPEST = 3
"""Objects within an object that come as columns of their own."""
MOST_COLUMNS = 300
LOOKED_AT = 2_000
"""Elements by which the list of tasks is chosen."""
SAMPLE = 50
"""Objects of each list by which it is chosen."""
GLANCED_AT = 1 << 20
"""Characters of the first object: one that goes on beyond holds the list, and is no row."""
NAMED_LISTS = frozenset(
    ("tasks", "items", "data", "results", "issues", "cards", "todos", "nodes", "rows", "records", "entries", "value")
)
_NAMES = ("name", "displayName", "login", "title", "value", "label", "text", "fullName", "username", "email", "id")
_TITLES = frozenset(
    ("title", "summary", "name", "subject", "content", "description", "task", "titel", "titre", "título")
)
_OF_WORK = frozenset(
    plain_name(name)
    for field in ("status", "priority", "due", "scheduled", "finished", "assignee", "depends_on")
    for name in NAMES[field]
)


def recognises(path: Path) -> bool:
    """Whether a list in it holds objects with something like a title. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(512)
    start = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace").lstrip()
    if start[:1] not in ("{", "["):
        return False
    where, first = _choose(path)
    names = {plain_name(name) for row in first[:20] for name in flat(row)}
    return where is not None and bool(names) and _has_title(names)


def sheet(path: Path) -> Sheet:
    return Sheet(path.stem, partial(_rows, path))


def _rows(path: Path) -> Iterator[Row | Read]:
    if what := binary(path):
        yield Read(Refusal(path.name, f"It {what}."), path.name)
        return
    size = path.stat().st_size
    where, _ = _choose(path)
    number, note = 0, charset_of(path).note
    try:
        for found in _found(path):
            if found.path != where:
                continue
            number += 1
            place = f"{path.name}, entry {number}"
            progress = Progress(min(found.done, size), size)
            if isinstance(found.value, Mapping) and found.value:
                yield Row(flat(found.value), place, progress, (note,) if note else ())
                note = ""
            else:
                broken = isinstance(found.value, Broken)
                why = f"It is left out: {found.value}." if broken else "It is no object with names and values."
                yield Read(Refusal(place, why), place, progress)
    except Broken as error:
        place = f"{path.name}, after entry {number}"
        why = f"Reading stopped here: {error}; what comes after it is missing."
        yield Read(Refusal(place, why), place, Progress(size, size))
        return
    if not number:
        why = "The file is empty." if not size else "There is no list of objects in it."
        yield Read(Refusal(path.name, why), path.name, Progress(size, size))


def _found(path: Path) -> Iterator[Found]:
    """One object after the other, each on its line, are rows; else an object is what holds the list."""
    return scan(path, lines=_are_lines(path))


def _are_lines(path: Path) -> bool:
    """Whether several objects follow one another; one alone is a row where it holds no list of objects."""
    with path.open("rb") as file:
        if not file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            return False
    try:
        top = list(islice(scan(path, lines=True, largest=GLANCED_AT), 2))
    except Broken:
        return _first_line_is_whole(path)
    if isinstance(top[0].value, Broken):
        return _first_line_is_whole(path)
    if len(top) == 1:
        return not any(isinstance(found.value, Mapping) for found in islice(_lists(path), LOOKED_AT))
    return True


def _first_line_is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        line = file.readline(1 << 20)
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lists(path: Path) -> Iterator[Found]:
    try:
        yield from scan(path, lines=False)
    except Broken:
        return


def _choose(path: Path) -> tuple[tuple[str, ...] | None, list[Mapping[str, Any]]]:
    """Where the list of tasks stands, and its first objects: by its columns, then by its name, then the longest."""
    lists: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    lengths: Counter[tuple[str, ...]] = Counter()
    try:
        for found in islice(_found(path), LOOKED_AT):
            if isinstance(found.value, Mapping):
                lengths[found.path] += 1
                if lengths[found.path] <= SAMPLE:
                    lists.setdefault(found.path, []).append(found.value)
    except Broken:
        pass  # what came before it can be read
    if not lists:
        return None, []

    def fitness(where: tuple[str, ...]) -> tuple[bool, bool, int]:
        names = {plain_name(name) for row in lists[where][:20] for name in flat(row)}
        named = not where or where[-1].lower() in NAMED_LISTS
        return _has_title(names), named, lengths[where]

    best = max(lists, key=fitness)
    return best, lists[best]


def _has_title(names: set[str]) -> bool:
    """A title, and something that only work has: chat messages and products have a text or a name too."""
    return bool(names & _TITLES) and bool(names & _OF_WORK)


def flat(value: Mapping[str, Any]) -> dict[str, str]:
    """An object as a row: column to text."""
    row: dict[str, str] = {}
    _flatten(value, "", row, 0)
    return row


def _flatten(value: Mapping[str, Any], prefix: str, row: dict[str, str], depth: int) -> None:
    for name, inner in value.items():
        column = charset.clean(f"{prefix}{name}")[:120]
        if len(row) >= MOST_COLUMNS:
            return
        if isinstance(inner, Mapping) and inner and depth < DEEPEST:
            _flatten(inner, f"{column}.", row, depth + 1)
        else:
            row[column] = _text(inner)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return charset.clean(value)
    if isinstance(value, list):
        parts = [_named(part) for part in value[:200]]
        return ("; " if any("," in part for part in parts) else ", ").join(part for part in parts if part)
    if isinstance(value, Mapping):
        return _named(value)
    return _number(value)


def _number(value: Any) -> str:
    """1.0 is written 1: spreadsheets and scripts make floats of ids and ranks."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def _named(value: Any) -> str:
    """An object by its name; else as JSON."""
    if not isinstance(value, Mapping):
        return _text(value) if not isinstance(value, list) else charset.clean(json.dumps(value, ensure_ascii=False))
    for name in _NAMES:
        if isinstance(given := value.get(name), str | int) and str(given):
            return _text(given)
    return charset.clean(json.dumps(value, ensure_ascii=False)) if value else ""
