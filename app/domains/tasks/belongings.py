"""A task's labels and the tasks it waits for: reading and replacing them in bulk."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.errors import Conflict, FieldError, Invalid
from app.domains.tasks.models import Task, TaskDependency, TaskLabel


async def labels_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for some in chunks(ids):
        query = select(TaskLabel.task_id, TaskLabel.label).where(TaskLabel.task_id.in_(some))
        for task_id, label in await session.execute(query.order_by(TaskLabel.label)):
            found.setdefault(task_id, []).append(label)
    return found


async def dependencies_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[int]]:
    """Which tasks each one waits for."""
    found: dict[int, list[int]] = {}
    for some in chunks(ids):
        query = select(TaskDependency.task_id, TaskDependency.depends_on).where(TaskDependency.task_id.in_(some))
        for task_id, needed in await session.execute(query.order_by(TaskDependency.depends_on)):
            found.setdefault(task_id, []).append(needed)
    return found


async def set_labels(session: AsyncSession, labels: Mapping[int, Sequence[str]]) -> None:
    for some in chunks(labels):
        await session.execute(delete(TaskLabel).where(TaskLabel.task_id.in_(some)))
    rows = [{"task_id": i, "label": label} for i, mine in labels.items() for label in mine]
    if rows:
        await session.execute(insert(TaskLabel), rows)


async def set_dependencies(session: AsyncSession, wanted: Mapping[int, Sequence[int]], *, check: bool = True) -> None:
    if check:
        await _check_dependencies(session, wanted)
    for some in chunks(wanted):
        await session.execute(delete(TaskDependency).where(TaskDependency.task_id.in_(some)))
    rows = [{"task_id": i, "depends_on": needed} for i, mine in wanted.items() for needed in mine]
    if rows:
        await session.execute(insert(TaskDependency), rows)


async def _check_dependencies(session: AsyncSession, wanted: Mapping[int, Sequence[int]]) -> None:
    """Raises Invalid for a dependency that is no task, Conflict for one that would close a circle."""
    needed = {i for mine in wanted.values() for i in mine}
    if missing := sorted(needed - await _living(session, needed)):
        raise Invalid(
            f"There is no task {missing[0]} to depend on.",
            errors=[FieldError("body.dependencies", f"no such task: {missing[0]}")],
        )
    seen = set(needed)
    frontier = needed
    while frontier:
        if circle := frontier & set(wanted):
            raise Conflict(f"Task {min(circle)} would come to depend on itself.")
        further = await dependencies_of(session, list(frontier))
        frontier = {i for mine in further.values() for i in mine} - seen
        seen |= frontier


async def _living(session: AsyncSession, ids: set[int]) -> set[int]:
    living: set[int] = set()
    for some in chunks(ids):
        query = select(Task.id).where(Task.id.in_(some), Task.deleted_at.is_(None))
        living |= set((await session.execute(query)).scalars())
    return living
