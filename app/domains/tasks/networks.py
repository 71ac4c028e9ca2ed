"""Stored facts of tasks, with those of the tasks that wait for them: what a score needs besides rules and time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.core.database import chunks
from app.domains.ranking import Facts, Ruleset, StoredFacts
from app.domains.ranking.network import Network, waiting_ids
from app.domains.tasks import pasts
from app.domains.tasks.models import TaskDependency, TaskFacts
from app.domains.tasks.unseen import without_names

MOST_WAITING = 10_000
"""So many tasks that wait, directly or through others, are looked at; those beyond count as not waiting."""

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_reach = select(TaskDependency.task_id).where(TaskDependency.depends_on.in_(_IDS)).cte("reach", recursive=True)
_WAITING = select(
    _reach.union(select(TaskDependency.task_id).join(_reach, TaskDependency.depends_on == _reach.c.task_id)).c.task_id
)
"""Ids of the tasks that wait for tasks, directly or through others, by one query however long the chain."""
_FACTS = select(TaskFacts.task_id, TaskFacts.facts).where(TaskFacts.task_id.in_(_IDS))


async def facts_of(session: AsyncSession, ids: Collection[int], at: datetime | None = None) -> dict[int, StoredFacts]:
    """The stored facts of tasks, by id, those of now or of a time; a task without any is left out."""
    if at is not None:
        with seeing.unrestricted(session):
            return {task_id: StoredFacts(facts) for task_id, facts in (await pasts.facts_at(session, ids, at)).items()}
    found: dict[int, StoredFacts] = {}
    with seeing.unrestricted(session):  # a score is right where all is known that waits
        for some in chunks(ids):
            for task_id, facts in await session.execute(_FACTS, {"ids": some}):
                found[task_id] = StoredFacts(facts)
    return found


async def add_waiting(session: AsyncSession, facts: dict[int, Facts], at: datetime | None = None) -> None:
    """Add the facts of all tasks that wait for those in `facts`, directly or through others: those of now, or as of the
    time that `facts` are of.

    A chain costs the same few queries however long it is; only where it was cut since, they are asked again.
    """
    asked, room = set(facts), MOST_WAITING
    named = {each for of in facts.values() for each in waiting_ids(of)} - asked
    while named and room > 0:
        # Whoever is named comes first, where not all can: the others may have come to wait only since.
        further = sorted(await _waiting_for(session, named) - asked - named)
        found = [*sorted(named), *further][:room]
        room -= len(found)
        asked.update(found)
        more = await facts_of(session, found, at)
        facts |= more
        named = {each for of in more.values() for each in waiting_ids(of)} - asked


async def _waiting_for(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """The tasks that wait now for these, directly or through others."""
    found: set[int] = set()
    with seeing.unrestricted(session):
        for some in chunks(sorted(ids)):
            for (task_id,) in await session.execute(_WAITING, {"ids": some}):
                found.add(task_id)
            if len(found) > MOST_WAITING:
                break
    return found


async def network_of(session: AsyncSession, ids: Collection[int], ruleset: Ruleset) -> Network:
    """The tasks ready to be scored, and to be told of: none that is hidden from whoever acts is named. One without
    stored facts is not in it."""
    facts: dict[int, Facts] = {**await facts_of(session, ids)}
    if ruleset.inherit is not None:
        await add_waiting(session, facts)
    return Network(await without_names(session, facts), ruleset)
