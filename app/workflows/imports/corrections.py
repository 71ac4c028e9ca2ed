"""What a person says of reading a table: checked, and kept with the integration for the next import.

Corrections stand in the integration's settings, as options.options_from reads them.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import FieldError, Invalid
from app.domains import connections
from app.domains.connections import joining
from app.integrations.contract import Manifest, Options, Table
from app.workflows.options import FIELDS, GUESS, KEEP, options_from

MOST_COLUMNS = 500
_LONGEST_NAME = 2_000
_TOLD, _SHOWN = 10, 100
"""So many wrong columns are told of, and so many characters of each word: what is sent may be huge."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Empty and None: nothing said."""

    columns: Mapping[str, str | None] = field(default_factory=dict)
    day_first: bool | None = None
    zone: str = ""

    def over(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings with what is said here in the place of what was said of the same before."""
        merged = dict(settings)
        if self.columns:
            said = {name.strip().casefold() for name in self.columns}
            before = settings.get("columns")
            kept = before.items() if isinstance(before, Mapping) else ()
            merged["columns"] = {n: f for n, f in kept if str(n).strip().casefold() not in said}
            merged["columns"] |= {n: f for n, f in self.columns.items() if f != GUESS}
        if self.day_first is not None:
            merged["day_first"] = self.day_first
        if self.zone:
            merged["zone"] = self.zone
        return merged

    @property
    def said(self) -> bool:
        return bool(self.columns) or self.day_first is not None or bool(self.zone)


def corrections_from(columns: Mapping[str, Any], day_first: bool | None, zone: str | None) -> Corrections:
    """Raises Invalid for a field or zone there isn't, naming the nearest."""
    if len(columns) > MOST_COLUMNS:
        errors = [FieldError("body.columns", f"names more than {MOST_COLUMNS} columns")]
    else:
        wrong = (why for name, value in columns.items() if (why := _wrong(name, value)))
        errors = [FieldError("body.columns", why) for why in islice(wrong, _TOLD)]
    if zone and zone not in (zones := available_timezones()):
        errors.append(FieldError("body.zone", f"there is no time zone {_shown(zone)}{_nearest(zone, zones)}"))
    if errors:
        raise Invalid(f"{errors[0].message[:1].upper()}{errors[0].message[1:]}.", errors=errors)
    return Corrections(dict(columns), day_first, zone or "")


def columns_from_json(text: str | None) -> dict[str, Any]:
    """The object that a form's field `columns` holds. Raises Invalid."""
    try:
        said = json.loads(text) if text and text.strip() else {}
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        why = 'a JSON object of columns and their fields: {"Task": "title", "Notes": null}'
        raise Invalid("The columns can't be read.", errors=[FieldError("body.columns", why)])
    return said


def _wrong(name: str, value: Any) -> str:
    """A clause for people; empty where nothing is wrong."""
    if value is not None and value not in (KEEP, GUESS, *FIELDS):
        fields = f"the fields are {', '.join(FIELDS)}, and keep"
        word = str(value)
        return f"there is no field {_shown(word)} for {_shown(name)}{_nearest(word, FIELDS)}; {fields}"
    if len(name) > _LONGEST_NAME:
        return f"a name of a column is longer than {_LONGEST_NAME:,} characters"
    return "" if name.isprintable() else "a name of a column holds characters that can't be kept"


def _shown(said: str) -> str:
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def _nearest(word: str, words: Iterable[str]) -> str:
    if len(word) > _SHOWN:
        return ""  # no slip of the hand, and long to compare
    by_lower = {each.lower(): each for each in words if len(each) <= _SHOWN}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    return f" (do you mean {by_lower[found[0]]}?)" if found else ""


def tables_of(manifest: Manifest, path: Path, options: Options) -> tuple[Table, ...]:
    """The tables in `path`; none for a kind that reads no tables. Raises OSError. Takes seconds for a large file."""
    return manifest.tables(path, options) if manifest.tables else ()


def check_columns(manifest: Manifest, tables: Collection[Table], corrections: Corrections) -> None:
    """Raises Invalid where a correction names a column that no table has, naming the nearest."""
    if not corrections.columns:
        return
    if manifest.tables is None:
        why = f"{manifest.kind} reads no columns"
        raise Invalid(f"An export of the kind {why}.", errors=[FieldError("body.columns", why)])
    names = [column.name for table in tables for column in table.columns]
    known = {name.strip().casefold() for name in names}
    unknown = [name for name in corrections.columns if name.strip().casefold() not in known]
    if unknown:
        errors = [
            FieldError("body.columns", f"there is no column {_shown(name)}{_nearest(name, names)}")
            for name in unknown[:_TOLD]
        ]
        raise Invalid(f"T{errors[0].message[1:]}.", errors=errors)


async def remember(session: AsyncSession, integration_id: int, corrections: Corrections, *, now: datetime) -> None:
    """Keep what was said with the integration: the next import of it is read likewise."""
    if corrections.said:
        integration = await connections.service.get(session, integration_id)
        settings = corrections.over(integration.settings)
        await connections.service.edit(session, integration, name=None, settings=settings, now=now)


async def options_for(
    session: AsyncSession, manifest: Manifest, into: str | None, corrections: Corrections, *, whose: int | None = None
) -> Options:
    """How an import into `into` would be read: by what its integration remembers, and by what is said now. `whose`: of
    a private import, as `joining.where` says."""
    _, found = await joining.where(session, kind=manifest.kind, name=into, whose=whose)
    return options_from(corrections.over(found.settings if found and found.kind == manifest.kind else {}))
