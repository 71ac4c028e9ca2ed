"""The columns of a table on the command line: what is said of them, and what they are taken to mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from app.cli.printing import print_json, say

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.integrations.contract import Manifest, Table
    from app.workflows.imports.corrections import Corrections

_WIDEST = 40
_MEANINGS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Said:
    """The options of the command, as they were written."""

    maps: Sequence[str] = ()
    """«Column=field»; «Column=» leaves the column out."""
    day_first: bool | None = None
    zone: str | None = None


def corrections(said: Said) -> "Corrections":
    """Ends the command with exit code 2 where a field or a zone is none."""
    from app.core.errors import Invalid  # noqa: PLC0415 - everything below is heavy
    from app.workflows.imports.corrections import corrections_from  # noqa: PLC0415
    from app.workflows.options import FIELDS, GUESS, KEEP  # noqa: PLC0415

    columns: dict[str, str | None] = {}
    for each in said.maps:
        name, equals, field = each.rpartition("=")
        if not equals or not name.strip():
            wrong_usage(f"--map {each}: expected Column=field, or Column= to leave the column out.")
        word = field.strip()
        columns[name.strip()] = (word.lower() if word.lower() in (KEEP, GUESS, *FIELDS) else word) or None
    try:
        return corrections_from(columns, said.day_first, said.zone)
    except Invalid as error:
        wrong_usage(error.detail)


def wrong_usage(sentence: str) -> NoReturn:
    """Ends the command with exit code 2."""
    say(f"watchfloor: {sentence}", err=True)
    raise typer.Exit(2)


def print_tables(found: tuple["Table", ...], manifest: "Manifest") -> None:
    """The tables as the API previews them."""
    from app.workflows.imports.schemas import preview_out  # noqa: PLC0415 - heavy

    print_json(preview_out(manifest, found))


async def tables(
    session: "AsyncSession",
    manifest: "Manifest",
    path: Path,
    into: str | None,
    given: "Corrections",
    *,
    whose: int | None = None,
) -> tuple["Table", ...]:
    """The tables of `path` as an import into `into` reads them; `whose`: as `options_for` says. Exit code 2 where a
    correction names no column."""
    from app.core.errors import Invalid  # noqa: PLC0415 - everything below is heavy
    from app.workflows.imports.corrections import check_columns, options_for, tables_of  # noqa: PLC0415

    try:
        found = tables_of(manifest, path, await options_for(session, manifest, into, given, whose=whose))
        check_columns(manifest, found, given)
    except Invalid as error:
        wrong_usage(error.detail)
    return found


def print_guess(found: Sequence["Table"], kind: str) -> None:
    """Each column, what it is taken to mean and why, and what stands in it."""
    if not found:
        say(f"An export of the kind {kind} has no columns to map.")
    for table in found:
        say(f"{table.name} ({kind})")
        rows = [("column", "means", "why", "for example")]
        rows += [(c.name, c.field or "–", c.why, " · ".join(c.examples)) for c in table.columns]
        widths = [min(_WIDEST, max(len(row[at]) for row in rows)) for at in range(3)]
        for row in rows:
            cells = [_cut(row[at], widths[at]).ljust(widths[at]) for at in range(3)]
            say(f"  {'  '.join(cells)}  {_cut(row[3], _WIDEST)}".rstrip())
    if found:
        say('\nCorrect it with --map "Column=field", and leave a column out with --map "Column=".')


def print_meanings(found: Sequence["Table"]) -> None:
    """After an import, in a line for each of the first tables: which columns meant what."""
    for table in found[:_MEANINGS_SHOWN]:
        name = f"of {table.name}: " if len(found) > 1 else ""
        meant = ", ".join(f"{column.name} = {column.field}" for column in table.columns if column.field)
        others = sum(column.field is None for column in table.columns)
        rest = f"; {others} more kept as they are" if others else ""
        say(f"  columns {name}{meant or 'none with a meaning'}{rest}")
    if (more := len(found) - _MEANINGS_SHOWN) > 0:
        say(f"  … and {more} more table{'s' if more > 1 else ''}: --columns shows them")


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
