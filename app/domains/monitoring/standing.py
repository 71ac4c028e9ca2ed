"""Processes that live, and the levels that were told. Functions flush and never commit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import upsert
from app.domains.monitoring.models import Process, StoredLevel
from app.domains.monitoring.outside import Service, from_json, merged
from app.domains.monitoring.settling import Told

OVERALL = "overall"
MOST_PROCESSES = 100


def name_of(integration_id: int) -> str:
    """The part's name of an integration."""
    return f"integration {integration_id}"


async def living(session: AsyncSession, now: datetime) -> Sequence[Process]:
    """Processes that gave a sign of life in time, the oldest first."""
    query = select(Process).where(Process.lives_until >= now).order_by(Process.started_at, Process.id)
    return (await session.execute(query.limit(MOST_PROCESSES))).scalars().all()


async def sign_of_life(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Write a process's row; all of its columns."""
    await upsert(session, Process, [row], key=("id",))


async def forget(session: AsyncSession, *, unseen_since: datetime | None = None, process_id: str = "") -> None:
    """Remove the row of a process that ended, or of those that were not seen for long."""
    gone = Process.seen_at < unseen_since if unseen_since is not None else Process.id == process_id
    await session.execute(delete(Process).where(gone))


def services_of(processes: Iterable[Process]) -> dict[str, Service]:
    """What the processes know of the services outside, by key."""
    return merged(from_json(each) for process in processes for each in process.guards)


async def services(session: AsyncSession, now: datetime) -> dict[str, Service]:
    """What all living processes together know."""
    return services_of(await living(session, now))


async def levels(session: AsyncSession, names: Sequence[str] = ()) -> dict[str, StoredLevel]:
    """What was told, by name; all, or those named."""
    query = select(StoredLevel)
    if names:
        query = query.where(StoredLevel.name.in_(names))
    return {row.name: row for row in (await session.execute(query)).scalars()}


def told_of(row: StoredLevel) -> Told:
    """A stored level as settling knows it."""
    return Told(
        level=row.level,
        reason=row.reason,
        since=row.since,
        folded=row.folded,
        pending_level=row.pending_level,
        pending_since=row.pending_since,
    )


async def keep(session: AsyncSession, told: Mapping[str, Told]) -> None:
    """Store levels; what the tasks say of an integration stays."""
    rows = [
        {
            "name": name,
            "level": each.level,
            "reason": each.reason,
            "since": each.since,
            "folded": each.folded,
            "pending_level": each.pending_level,
            "pending_since": each.pending_since,
        }
        for name, each in told.items()
    ]
    await upsert(session, StoredLevel, rows, key=("name",))


async def drop(session: AsyncSession, names: Sequence[str]) -> None:
    """Forget the levels of parts that are no more."""
    if names:
        await session.execute(delete(StoredLevel).where(StoredLevel.name.in_(names)))
