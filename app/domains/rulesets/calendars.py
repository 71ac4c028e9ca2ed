"""Calendars: stored in versions, and those in force now or at another time. Functions flush and never commit."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit, log
from app.core.database import one_at_a_time
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.domains.ranking.calendars import (
    AROUND_THE_CLOCK,
    OFFICE,
    Calendar,
    CalendarInvalid,
    calendar_from,
    document_of,
)
from app.domains.ranking.spelling import suggestion
from app.domains.rulesets.documents import unstorable
from app.domains.rulesets.models import StoredCalendar
from app.domains.rulesets.naming import SHIPPED_BY, check_name, check_words

BUILT_IN: Mapping[str, Calendar] = {calendar.name: calendar for calendar in (OFFICE, AROUND_THE_CLOCK)}
"""They exist without a row. Office hours can be replaced by one's own; around the clock is what its name says."""
MOST_NAMES = 200
LARGEST = 100_000
"""Characters of a calendar's document."""

_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """A calendar as it counts. Version 0, without a time, is one that is built in."""

    name: str
    version: int
    document: Mapping[str, Any]
    author: str
    note: str
    created_at: datetime | None


async def every(session: AsyncSession, at: datetime | None = None) -> list[Standing]:
    """All calendars in force now or at a time, by name."""
    found = {name: Standing(name, 0, document_of(of), SHIPPED_BY, "", None) for name, of in BUILT_IN.items()}
    found |= {row.name: _standing(row) for row in await _newest(session, at)}
    return [found[name] for name in sorted(found)]


async def in_force(session: AsyncSession, at: datetime | None = None) -> dict[str, Calendar]:
    """All calendars, now or as they were at a time, ready to be used."""
    found = dict(BUILT_IN)
    for row in await _newest(session, at):
        try:
            found[row.name] = _calendar(row.name, json.dumps(row.document))
        except CalendarInvalid as error:  # its zone may be missing on this machine
            _log.error("a calendar can't be used", calendar=row.name, version=row.version, problems=error.problems)
    return found


async def get(session: AsyncSession, name: str, version: int | None = None) -> Standing:
    """One version; without a number the one that counts. Version 0 is what is built in. Raises NotFound."""
    query = select(StoredCalendar).where(StoredCalendar.name == name, StoredCalendar.version == version)
    row = await _newest_of(session, name) if version is None else (await session.execute(query)).scalar_one_or_none()
    if row is not None:
        return _standing(row)
    if name in BUILT_IN and not version:
        return Standing(name, 0, document_of(BUILT_IN[name]), SHIPPED_BY, "", None)
    if version is not None and (name in BUILT_IN or await _newest_of(session, name) is not None):
        raise NotFound(f"There is no version {version} of the calendar {name!r}.")
    known = [each.name for each in await every(session)]
    raise NotFound(f"There is no calendar {name!r}{suggestion(name, known) or '.'}")


async def versions(session: AsyncSession, name: str, *, before: int, limit: int) -> list[Standing]:
    """Versions below `before`, the newest first, and last what is built in. Raises NotFound."""
    await get(session, name)
    query = select(StoredCalendar).where(StoredCalendar.name == name, StoredCalendar.version < before)
    rows = (await session.execute(query.order_by(StoredCalendar.version.desc()).limit(limit))).scalars().all()
    built_in = [await get(session, name, 0)] if name in BUILT_IN and before > 0 and len(rows) < limit else []
    return [*map(_standing, rows), *built_in]


async def put(
    session: AsyncSession, name: str, document: object, *, author: str = "", note: str = "", now: datetime
) -> tuple[Standing, bool]:
    """The calendar from now on, and whether that is anything new. Raises Invalid with all places, and Conflict."""
    check_name(name)
    author, note = check_words(author, note)
    meant = document_of(_read(name, document))
    if name == AROUND_THE_CLOCK.name and meant != document_of(AROUND_THE_CLOCK):
        raise Invalid(f"The calendar {name!r} stays what its name says: choose another name.")
    await one_at_a_time(session, "calendars")
    newest = await _newest_of(session, name)
    if newest is None and name in BUILT_IN and meant == document_of(BUILT_IN[name]):
        return await get(session, name), False
    if newest is not None and newest.document == meant:
        return _standing(newest), False
    names = select(func.count(StoredCalendar.name.distinct()))
    if newest is None and (await session.execute(names)).scalar_one() >= MOST_NAMES:
        raise Conflict(f"There are {MOST_NAMES} calendars already, and no more can be kept.")
    version = newest.version + 1 if newest else 1
    row = StoredCalendar(name=name, version=version, document=meant, author=author, note=note, created_at=now)
    session.add(row)
    await session.flush()
    before = {"version": newest.version, "digest": _digest(newest.document)} if newest else None
    audit.changed(session, f"calendar:{name}", before, {"version": version, "digest": _digest(meant)})
    return _standing(row), True


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]


def _read(name: str, document: object) -> Calendar:
    """Raises Invalid, naming everything that is wrong."""
    try:
        if broken := [(each.where, each.message) for each in unstorable(document)]:
            raise CalendarInvalid(broken)
        text = json.dumps(document)
        if len(text) > LARGEST:
            raise Invalid(f"A calendar's document holds at most {LARGEST} characters.")
        return calendar_from(name, json.loads(text))
    except CalendarInvalid as error:
        places = [(where or "the calendar", message) for where, message in error.problems]
        raise Invalid(
            f"This can't be used as a calendar: {_told(places)}.",
            errors=[FieldError(where, message) for where, message in places[:50]],
            problems=[{"where": where, "message": message} for where, message in places],
        ) from error


def _told(places: Sequence[tuple[str, str]]) -> str:
    """The first three, and how many more there are."""
    first = "; ".join(f"{where}: {message}" for where, message in places[:3])
    return f"{first}; and {len(places) - 3} more" if len(places) > 3 else first


@lru_cache(maxsize=2 * MOST_NAMES)
def _calendar(name: str, document: str) -> Calendar:
    # Kept: each has a table of its open hours, which is worked out as years are asked for.
    return calendar_from(name, json.loads(document))


async def _newest_of(session: AsyncSession, name: str) -> StoredCalendar | None:
    query = select(StoredCalendar).where(StoredCalendar.name == name).order_by(StoredCalendar.version.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def _newest(session: AsyncSession, at: datetime | None) -> Sequence[StoredCalendar]:
    """Of each name its highest version, or the highest that was there at a time."""
    ids = select(func.max(StoredCalendar.id)).group_by(StoredCalendar.name)
    if at is not None:
        ids = ids.where(StoredCalendar.created_at <= at)
    return (await session.execute(select(StoredCalendar).where(StoredCalendar.id.in_(ids)))).scalars().all()


def _standing(row: StoredCalendar) -> Standing:
    return Standing(row.name, row.version, row.document, row.author, row.note, row.created_at)
