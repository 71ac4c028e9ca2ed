"""What was known of tasks before: kept as differences to what came next, so that any past score can be made again.

Each row says what the facts were until a moment, as far as they differed from those after it. Moments are whole
seconds, as those of scores are: of several changes in one second the last counts for it. Nothing is written where
nothing changed. Rows older than the retention are forgotten, the oldest first, which takes nothing from the newer ones.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import end_of_second, whole_second
from app.core.database import chunks
from app.domains.tasks.models import TaskFacts, TaskPast

Stored = Mapping[str, Any]
"""Facts as they are stored: name to value and evidence."""

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_FACTS = select(TaskFacts.task_id, TaskFacts.facts).where(TaskFacts.task_id.in_(_IDS))
_FORGOTTEN_AT_ONCE = 5_000


async def changed(
    session: AsyncSession, facts: Mapping[int, Stored], *, now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of facts that differ from what is stored, and rows that keep what they were."""
    stored: dict[int, Stored] = {}
    for some in chunks(facts):
        for task_id, known in await session.execute(_FACTS, {"ids": some}):
            stored[task_id] = known
    differing = {i: mine for i, mine in facts.items() if stored.get(i) != mine}
    fresh = [{"task_id": i, "facts": mine} for i, mine in differing.items()]
    pasts = [
        {"task_id": i, "until": whole_second(now), "facts": _before(stored[i], mine)}
        for i, mine in differing.items()
        if i in stored
    ]
    return fresh, pasts


def _before(old: Stored, new: Stored) -> dict[str, Any]:
    """What has to be put over `new` to get `old`; None stands for a fact that was not known."""
    names = [*old, *(name for name in new if name not in old)]
    return {name: old.get(name) for name in names if old.get(name) != new.get(name)}


async def keep(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await session.execute(insert(TaskPast), rows)


async def facts_at(session: AsyncSession, task_ids: Collection[int], at: datetime) -> dict[int, Stored]:
    """The facts that were known of tasks once the second of `at` had passed, as far back as it is remembered."""
    lines = await timelines(session, task_ids, since=at)
    return {task_id: versions[0][1] for task_id, versions in lines.items()}


async def timelines(
    session: AsyncSession, task_ids: Collection[int], *, since: datetime
) -> dict[int, list[tuple[datetime | None, Stored]]]:
    """By task: the facts that were known at the end of the second of `since`, and those that came after, each with the
    moment from which on they held (None: since before), the oldest first. A task without facts is left out."""
    found: dict[int, list[tuple[datetime | None, Stored]]] = {}
    for some in chunks(task_ids):
        for task_id, facts in await session.execute(_FACTS, {"ids": some}):
            found[task_id] = [(None, facts)]
        query = select(TaskPast.task_id, TaskPast.until, TaskPast.facts)
        query = query.where(TaskPast.task_id.in_(some), TaskPast.until > end_of_second(since)).order_by(
            TaskPast.id.desc()
        )
        for task_id, until, difference in await session.execute(query):
            versions = found.get(task_id)
            if versions is not None:
                versions[-1] = (until, versions[-1][1])
                versions.append((None, _over(versions[-1][1], difference)))
    return {task_id: versions[::-1] for task_id, versions in found.items()}


def _over(facts: Stored, difference: Stored) -> dict[str, Any]:
    together = {**facts, **difference}
    return {name: entry for name, entry in together.items() if entry is not None}


async def forget(session: AsyncSession, task_ids: Collection[int]) -> None:
    """Forget all that was known of tasks before."""
    for some in chunks(task_ids):
        await session.execute(delete(TaskPast).where(TaskPast.task_id.in_(some)))


async def forget_old(session: AsyncSession, before: datetime) -> int:
    """Forget what was so until before a time, some at once. Returns how many rows; ask again while there are any."""
    some = select(TaskPast.id).where(TaskPast.until < before).order_by(TaskPast.until, TaskPast.id)
    ids = (await session.execute(some.limit(_FORGOTTEN_AT_ONCE))).scalars().all()
    for few in chunks(ids):
        await session.execute(delete(TaskPast).where(TaskPast.id.in_(few)))
    return len(ids)
