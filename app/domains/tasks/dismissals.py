"""Pairs of tasks that a person said have nothing to do with each other: kept apart, let together again, inherited."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.errors import Invalid
from app.core.rows import upsert
from app.domains.tasks.models import Unrelated

Pairs = Sequence[Sequence[int]]
"""Ids of two tasks each, the smaller first."""


async def dismissed(session: AsyncSession, task_id: int) -> set[int]:
    """The tasks that a person said have nothing to do with this one."""
    query = select(Unrelated.task_id, Unrelated.other_id)
    rows = await session.execute(query.where(or_(Unrelated.task_id == task_id, Unrelated.other_id == task_id)))
    return {other for row in rows for other in row} - {task_id}


async def dismiss(session: AsyncSession, task_id: int, other_id: int, *, now: datetime) -> None:
    """Two tasks have nothing to do with each other: they are not shown or proposed together. Raises Invalid."""
    if task_id == other_id:
        raise Invalid("A task can't be told apart from itself.")
    smaller, larger = sorted((task_id, other_id))
    row = {"task_id": smaller, "other_id": larger, "at": now}
    await upsert(session, Unrelated, [row], key=("task_id", "other_id"), overwrite=False)
    audit.changed(session, f"task:{task_id}", {}, {"unrelated_to": other_id})


async def take_back(session: AsyncSession, pairs: Pairs) -> None:
    """Let tasks be shown and proposed together again; those that always were stay so."""
    for one, other in pairs:
        smaller, larger = sorted((one, other))
        pair = Unrelated.task_id == smaller, Unrelated.other_id == larger
        await session.execute(delete(Unrelated).where(*pair))
        audit.changed(session, f"task:{one}", {"unrelated_to": other}, {})


async def inherit(session: AsyncSession, source: int, target: int, *, now: datetime) -> Pairs:
    """What has nothing to do with `source` has nothing to do with `target` either, which it is part of now.

    Returns the pairs that are new. `source` keeps its own: it may be taken out again.
    """
    others = await dismissed(session, source) - await dismissed(session, target) - {target}
    pairs = [sorted((target, other)) for other in sorted(others)]
    rows = [{"task_id": smaller, "other_id": larger, "at": now} for smaller, larger in pairs]
    await upsert(session, Unrelated, rows, key=("task_id", "other_id"), overwrite=False)
    return pairs
