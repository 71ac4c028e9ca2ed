"""Looking entries up, the newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is None does not matter."""

    actor: str | None = None
    """As «user:7», or by name."""
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    correlation_id: str | None = None
    words: str | None = None
    """To be found in the actor's name, the action, a target, or a value."""


async def page(session: AsyncSession, wanted: Wanted, *, before: int | None = None, limit: int) -> Sequence[AuditEntry]:
    """At most `limit` entries, the newest first; only those with an id smaller than `before`."""
    query = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return (await session.execute(query)).scalars().all()


async def count(session: AsyncSession, wanted: Wanted) -> int:
    """How many there are."""
    return (await session.execute(select(func.count(AuditEntry.id)).where(*_conditions(wanted)))).scalar_one()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        found.append(or_(AuditEntry.actor == wanted.actor, AuditEntry.actor_name == wanted.actor))
    if wanted.action is not None:
        found.append(AuditEntry.action == wanted.action)
    if wanted.target is not None:
        found.append(AuditEntry.target == wanted.target)
    if wanted.since is not None:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.at < wanted.until)
    if wanted.correlation_id is not None:
        found.append(AuditEntry.correlation_id == wanted.correlation_id)
    if wanted.words:
        found.append(_holds(wanted.words))
    return found


def _holds(words: str) -> ColumnElement[bool]:
    plain = words.lower()
    escaped = json.dumps(words)[1:-1].lower()  # as the column of changes holds it
    texts = (AuditEntry.actor_name, AuditEntry.action, AuditEntry.target)
    return or_(
        *(func.lower(each).contains(plain, autoescape=True) for each in texts),
        func.lower(cast(AuditEntry.changes, Text)).contains(escaped, autoescape=True),
    )
