"""Processes that live, and the levels that were told. Functions flush and never commit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import upsert
from app.domains.monitoring.models import Process, StoredLevel
from app.domains.monitoring.outside import Service, from_json, merged
from app.domains.monitoring.settling import Told

OVERALL = "overall"
PREFIX = "integration "
"""Of the parts that are integrations, before their ids."""
BEGUN = "begun"
"""`marked` of an integration of which some tasks say one thing and some another."""
MOST_PROCESSES = 100
_ASKED = "untrusted"


def name_of(integration_id: int) -> str:
    """The part's name of an integration."""
    return f"{PREFIX}{integration_id}"


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


async def untrusted(session: AsyncSession) -> frozenset[int]:
    """Integrations that can't be trusted now: what is derived of their tasks says so. Until the transaction ends,
    `all_have_written` is false for others."""
    if (await session.connection()).dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtext(:name))"), {"name": _ASKED})
    names = select(StoredLevel.name).where(StoredLevel.name.startswith(PREFIX), StoredLevel.level != "NORMAL")
    return frozenset(int(name.removeprefix(PREFIX)) for name in (await session.execute(names)).scalars())


async def all_have_written(session: AsyncSession) -> bool:
    """Whether everybody who asked which integrations are `untrusted` has stored what follows. Then nobody asks until
    this transaction ends."""
    if (await session.connection()).dialect.name != "postgresql":
        return True  # SQLite has one writer anyway
    found = await session.execute(text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), {"name": _ASKED})
    return bool(found.scalar_one())


async def keep(session: AsyncSession, told: Mapping[str, Told]) -> None:
    """Store levels; what the tasks say of an integration stays. Once it can't be trusted, some may say so."""
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
    worse = [name for name, each in told.items() if each.level != "NORMAL"]
    unmarked = update(StoredLevel).where(StoredLevel.name.in_(worse), StoredLevel.marked == "")
    await session.execute(unmarked.values(marked=BEGUN))


async def drop(session: AsyncSession, names: Sequence[str]) -> None:
    """Forget the levels of parts that are no more."""
    if names:
        await session.execute(delete(StoredLevel).where(StoredLevel.name.in_(names)))
