"""Telling those who watch which tasks were changed, in the transaction that changes them. No word of a task is told:
whoever hears of it asks for the task, and sees of it what is theirs to see."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import events
from app.core.database import chunks
from app.domains.tasks.models import Task

SINGLY = 10
"""More tasks than that, changed together, are told of as a change of the queue."""
MOST_IDS = 200
"""More are told of by their number alone."""


async def announce(
    session: AsyncSession,
    verb: str,
    changed: Collection[int] | Mapping[int, int],
    *,
    actor: str,
    now: datetime,
    moved: Collection[int] = (),
) -> None:
    """`changed` are the tasks that somebody acted upon, with their versions where the caller knows them; `moved` are
    those that stand differently because of it."""
    if len(changed) <= SINGLY:
        versions = changed if isinstance(changed, Mapping) else await _versions(session, changed)
        told = [{"task": each, "version": versions.get(each), "verb": verb, "actor": actor} for each in changed]
        await events.append_all(session, "task.changed", told, now=now)
        changed = ()
    if together := {*changed, *moved}:
        await tell_queue(session, together, verb=verb, actor=actor, now=now)


async def tell_queue(session: AsyncSession, ids: Collection[int], *, now: datetime, **more: Any) -> None:
    """So many tasks changed or moved together."""
    named = {"ids": sorted(ids)} if len(ids) <= MOST_IDS else {}
    await events.append(session, "queue.changed", {"changed": len(ids), **named, **more}, now=now)


async def _versions(session: AsyncSession, ids: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for some in chunks(ids):
        rows = await session.execute(select(Task.id, Task.version).where(Task.id.in_(some)))
        found |= {row.id: row.version for row in rows}
    return found
