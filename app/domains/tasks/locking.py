"""Locking what a transaction is about to change: at once and in one order, so that no two wait for each other.

Changing a task changes how those stand that wait for it, or that it waits for: they are locked with it.
"""

from collections.abc import Collection

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks, one_at_a_time
from app.domains.tasks.belongings import reachable_dependencies
from app.domains.tasks.models import Task
from app.domains.tasks.sources import neighbours_query

_PLACING = "ingest"
"""Under this name an import finds its items' tasks and stores them."""
_DEPENDENCIES = "dependencies"


async def neighbours(session: AsyncSession, ids: Collection[int]) -> set[int]:
    """The tasks that depend on `ids`, or that they depend on."""
    found: set[int] = set()
    for some in chunks(ids):
        found |= set((await session.execute(neighbours_query(some))).scalars())
    return found


async def lock(session: AsyncSession, ids: Collection[int]) -> None:
    """Lock tasks and their neighbours until the transaction ends. To be called once, before any of them is changed."""
    connection = await session.connection()
    if connection.dialect.name != "postgresql":
        return  # SQLite has one writer anyway
    # Many may pass here at once, but nobody gains a neighbour between being looked at and being locked.
    shared = text("SELECT pg_advisory_xact_lock_shared(hashtext(:name))")
    await connection.execute(shared, {"name": _DEPENDENCIES})
    everything = {*ids, *await neighbours(session, ids)}
    # What they wait for, however far: rules may lift it with them.
    edges = await reachable_dependencies(session, everything)
    everything |= {needed for mine in edges.values() for needed in mine}
    for some in chunks(sorted(everything)):
        await session.execute(select(Task.id).where(Task.id.in_(some)).order_by(Task.id).with_for_update())


async def lock_dependencies(session: AsyncSession) -> None:
    """Before what may add a dependency, and before `lock`: two that each close no circle could close one together."""
    await one_at_a_time(session, _DEPENDENCIES)


async def lock_placing(session: AsyncSession) -> None:
    """Before a task is taken away whose items go elsewhere, and before `lock`: an import that goes on meanwhile has
    seen already where its items belong, and would store them in a task that is there no longer.
    """
    await one_at_a_time(session, _PLACING)
    await lock_dependencies(session)
