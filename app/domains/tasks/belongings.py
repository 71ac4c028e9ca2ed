"""A task's labels and the tasks it waits for: reading and replacing them in bulk."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.errors import Conflict, FieldError, Invalid
from app.domains.tasks.models import Task, TaskDependency, TaskLabel

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_LABELS = select(TaskLabel.task_id, TaskLabel.label).where(TaskLabel.task_id.in_(_IDS)).order_by(TaskLabel.label)
_NEEDED = (
    select(TaskDependency.task_id, TaskDependency.depends_on)
    .where(TaskDependency.task_id.in_(_IDS))
    .order_by(TaskDependency.depends_on)
)
_LIVING_NEEDED = _NEEDED.join(Task, Task.id == TaskDependency.depends_on).where(Task.deleted_at.is_(None))


async def labels_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[str]]:
    """Labels by task, each task's in order; a task without any is left out."""
    found: dict[int, list[str]] = {}
    for some in chunks(ids):
        for task_id, label in await session.execute(_LABELS, {"ids": some}):
            found.setdefault(task_id, []).append(label)
    return found


async def dependencies_of(
    session: AsyncSession, ids: Sequence[int], *, deleted_too: bool = True
) -> dict[int, list[int]]:
    """Which tasks each one waits for. Deleted ones are kept, so that an undo of their deletion is complete."""
    found: dict[int, list[int]] = {}
    for some in chunks(ids):
        for task_id, needed in await session.execute(_NEEDED if deleted_too else _LIVING_NEEDED, {"ids": some}):
            found.setdefault(task_id, []).append(needed)
    return found


async def set_labels(session: AsyncSession, labels: Mapping[int, Sequence[str]]) -> None:
    for some in chunks(labels):
        await session.execute(delete(TaskLabel).where(TaskLabel.task_id.in_(some)))
    rows = [{"task_id": i, "label": label} for i, mine in labels.items() for label in mine]
    if rows:
        await session.execute(insert(TaskLabel), rows)


async def set_dependencies(session: AsyncSession, wanted: Mapping[int, Sequence[int]]) -> None:
    """Raises Invalid for a dependency that is no task, Conflict for one that would close a circle."""
    needed = {i for mine in wanted.values() for i in mine}
    if missing := sorted(needed - await _existing(session, needed)):
        raise Invalid(
            f"There is no task {missing[0]} to depend on.",
            errors=[FieldError("body.dependencies", f"no such task: {missing[0]}")],
        )
    await _check_circles(session, wanted)
    await replace_dependencies(session, wanted)


async def waiting_for(session: AsyncSession, task_id: int) -> list[int]:
    """Ids of the tasks that wait for this one."""
    query = select(TaskDependency.task_id).where(TaskDependency.depends_on == task_id)
    return list((await session.execute(query.order_by(TaskDependency.task_id))).scalars())


async def put_back_dependencies(session: AsyncSession, before: Mapping[int, Sequence[int]]) -> None:
    """What tasks waited for before an action, as far as it still exists. Raises Conflict where it closes a circle."""
    existing = await _existing(session, {i for mine in before.values() for i in mine}, deleted_too=True)
    wanted = {task_id: [i for i in mine if i in existing] for task_id, mine in before.items()}
    stored = await dependencies_of(session, list(wanted))
    changed = {i: mine for i, mine in wanted.items() if mine != stored.get(i, [])}
    await _check_circles(session, changed)
    await replace_dependencies(session, changed)


async def reachable_dependencies(session: AsyncSession, ids: Collection[int]) -> dict[int, set[int]]:
    """What tasks wait for, of `ids` and of all those that these wait for, directly or through others; by one query."""
    edges: dict[int, set[int]] = {}
    columns = (TaskDependency.task_id, TaskDependency.depends_on)
    for some in chunks(sorted(ids)):
        reach = select(*columns).where(TaskDependency.task_id.in_(some)).cte("reach", recursive=True)
        further = select(*columns).join(reach, TaskDependency.task_id == reach.c.depends_on)
        for row in await session.execute(select(reach.union(further))):
            edges.setdefault(row.task_id, set()).add(row.depends_on)
    return edges


async def replace_dependencies(session: AsyncSession, wanted: Mapping[int, Sequence[int]]) -> None:
    """Store what tasks wait for. The caller made sure that all of them exist, and that no circle closes."""
    for some in chunks(wanted):
        await session.execute(delete(TaskDependency).where(TaskDependency.task_id.in_(some)))
    rows = [{"task_id": i, "depends_on": needed} for i, mine in wanted.items() for needed in mine]
    if rows:
        await session.execute(insert(TaskDependency), rows)


async def _check_circles(session: AsyncSession, wanted: Mapping[int, Sequence[int]]) -> None:
    """Raises Conflict where a task would come to wait for itself once `wanted` replaces what is stored."""
    for task_id, mine in wanted.items():
        if task_id in mine:
            raise Conflict(f"Task {task_id} can't wait for itself.")
        through = {needed: needed for needed in mine}  # each task it would wait for, and by which of its own
        frontier = set(mine)
        while frontier:
            edges = await dependencies_of(session, [i for i in frontier if i not in wanted])
            edges |= {known: list(wanted[known]) for known in frontier if known in wanted}
            further = {needed: through[at] for at, some in edges.items() for needed in some}
            if task_id in further:
                needed = further[task_id]
                already = "already" if needed in edges else "already, through others"
                why = f"task {needed} waits for task {task_id} {already}"
                raise Conflict(f"Task {task_id} can't wait for task {needed}: {why}.")
            frontier = further.keys() - through.keys()
            through |= {i: further[i] for i in frontier}


async def waits_for(session: AsyncSession, task_id: int, needed: int) -> bool:
    """Whether a task waits for another, directly or through others."""
    seen = frontier = {task_id}
    while frontier and needed not in frontier:
        stored = await dependencies_of(session, sorted(frontier))
        frontier = {i for mine in stored.values() for i in mine} - seen
        seen = seen | frontier
    return needed in frontier


async def _existing(session: AsyncSession, ids: set[int], *, deleted_too: bool = False) -> set[int]:
    existing: set[int] = set()
    for some in chunks(ids):
        query = select(Task.id).where(Task.id.in_(some))
        if not deleted_too:
            query = query.where(Task.deleted_at.is_(None))
        existing |= set((await session.execute(query)).scalars())
    return existing
