"""Stored facts of tasks, with those of the tasks that wait for them: what a score needs besides rules and time."""

from collections.abc import Collection

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.ranking import Facts, Ruleset, StoredFacts
from app.domains.ranking.network import Network, waiting_ids
from app.domains.tasks.models import TaskDependency, TaskFacts

MOST_WAITING = 10_000
"""So many tasks that wait, directly or through others, are looked at; those beyond count as not waiting."""

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_reach = select(TaskDependency.task_id).where(TaskDependency.depends_on.in_(_IDS)).cte("reach", recursive=True)
_WAITING = select(
    _reach.union(select(TaskDependency.task_id).join(_reach, TaskDependency.depends_on == _reach.c.task_id)).c.task_id
)
"""Ids of the tasks that wait for tasks, directly or through others, by one query however long the chain."""
_FACTS = select(TaskFacts.task_id, TaskFacts.facts).where(TaskFacts.task_id.in_(_IDS))


async def facts_of(session: AsyncSession, ids: Collection[int]) -> dict[int, StoredFacts]:
    """The stored facts of tasks, by id; a task without any is left out."""
    found: dict[int, StoredFacts] = {}
    for some in chunks(ids):
        for task_id, facts in await session.execute(_FACTS, {"ids": some}):
            found[task_id] = StoredFacts(facts)
    return found


async def add_waiting(session: AsyncSession, facts: dict[int, Facts]) -> None:
    """Add the facts of all tasks that wait for those in `facts`, directly or through others."""
    needed = [task_id for task_id, of in facts.items() if waiting_ids(of)]
    further: set[int] = set()
    for some in chunks(needed):
        for (task_id,) in await session.execute(_WAITING, {"ids": some}):
            further.add(task_id)
        if len(further) > MOST_WAITING:
            break
    facts |= await facts_of(session, sorted(further - facts.keys())[:MOST_WAITING])


async def network_of(session: AsyncSession, ids: Collection[int], ruleset: Ruleset) -> Network:
    """The tasks ready to be scored. One without stored facts is not in it."""
    facts: dict[int, Facts] = {**await facts_of(session, ids)}
    if ruleset.inherit is not None:
        await add_waiting(session, facts)
    return Network(facts, ruleset)
