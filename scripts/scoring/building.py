"""A scorecard as it stands in its module, with points that labelled texts propose. A person reviews it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domains.reading.scorecard import Row
from scripts.scoring.finding import GROUPS, Found, finder
from scripts.scoring.folds import refitted
from scripts.scoring.labelled import Labelled, UnreadableError


def candidates(path: Path) -> list[Row]:
    """A phrase a line, a tab, and what it says in plain words. Raises UnreadableError where one is missing."""
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        phrase, _, says = (part.strip() for part in line.partition("\t"))
        if phrase and not phrase.startswith("#"):
            if not says:
                raise UnreadableError(f"{path}, line {number}: needs a tab and what the phrase says")
            rows.append(Row(phrase, 0, says))
    return rows


def proposed(
    name: str, files: Sequence[Labelled], tried: Sequence[Row], *, penalty: float, support: int, afresh: bool
) -> Iterator[str]:
    """The lines of the table.

    A row seen in fewer than `support` texts keeps the points that it has; a tried row of that kind, or one that
    comes to 0 points, is left out. `afresh` fits all rows from 0 instead of from the points they have.
    """
    searching = finder(name, tried)
    found = [rows for file in files for rows in searching.rows(file.texts)]
    labels = [label for file in files for label in file.labels]
    judged = [row.points for row in searching.card.rows]
    fitted = refitted(found, labels, [0] * len(judged) if afresh else judged, penalty)
    seen = _seen(found, labels, len(judged))
    rows = iter(zip(searching.card.rows, fitted, seen, strict=True))
    for group, standing in {**GROUPS[name], **({"TRIED": tuple(tried)} if tried else {})}.items():
        yield f"{group} = ("
        for _ in standing:
            row, points, (yes, no) = next(rows)
            if yes + no >= support:
                if group != "TRIED" or points:
                    yield _line(row, points, f"was {row.points}, {yes} yes {no} no" if points != row.points else "")
            elif group != "TRIED":
                yield _line(row, row.points, f"as judged: {yes} yes {no} no")
        yield ")"


def _seen(found: Found, labels: Sequence[bool], rows: int) -> list[tuple[int, int]]:
    yes, no = [0] * rows, [0] * rows
    for text, label in zip(found, labels, strict=True):
        for row in set().union(*text):
            (yes if label else no)[row] += 1
    return list(zip(yes, no, strict=True))


def _line(row: Row, points: int, remark: str) -> str:
    phrase, says = (f'"{some}"' if '"' not in some else f"'{some}'" for some in (row.phrase, row.says))
    return f"    Row({phrase}, {points}, {says})," + (f"  # {remark}" if remark else "")


def counted(name: str, files: Sequence[Labelled]) -> Iterator[str]:
    """How often each row was seen with yes and with no: a row that points the wrong way should be looked at."""
    searching = finder(name)
    found = [rows for file in files for rows in searching.rows(file.texts)]
    labels = [label for file in files for label in file.labels]
    for row, (yes, no) in zip(searching.card.rows, _seen(found, labels, len(searching.card.rows)), strict=True):
        if yes or no:
            yield f"{row.points:5d}  {yes:5d} yes {no:5d} no  {row.phrase}"
