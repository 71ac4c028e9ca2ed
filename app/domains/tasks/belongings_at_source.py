"""Labels and dependencies that rows have at their source, taken over onto their tasks unless a person set them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.tasks.belongings import (
    dependencies_of,
    labels_of,
    reachable_dependencies,
    replace_dependencies,
    set_labels,
)
from app.domains.tasks.locking import neighbours
from app.domains.tasks.models import ConversationKey, ItemLink, StoredItem, Task
from app.records import Work

_LONGEST, _MOST = 100, 50
"""Of labels: letters in one, and how many a task bears."""


async def take_over_labels(session: AsyncSession, said: Mapping[int, Work]) -> None:
    """`said` maps tasks to what their rows say. A label's column holds its first hundred letters."""
    own = await _persons_own(session, said, "labels")
    wanted = {
        task_id: sorted({label.strip()[:_LONGEST] for label in work.labels if label.strip()})[:_MOST]
        for task_id, work in said.items()
        if task_id not in own
    }
    stored = await labels_of(session, sorted(wanted))
    changed = {task_id: labels for task_id, labels in wanted.items() if labels != stored.get(task_id, [])}
    if changed:
        await set_labels(session, changed)


async def take_over_dependencies(session: AsyncSession, item_ids: Sequence[int], keys: Collection[str]) -> set[int]:
    """What the rows of `item_ids` wait for, and whoever waits for a row that bears one of `keys`. A row that is not
    there yet counts once it comes. Returns the tasks that stand differently now; the caller locked the dependencies."""
    waiting = await _waiting(session, item_ids, keys)
    own = await _persons_own(session, waiting, "dependencies")
    wanted = await _needed(session, waiting - own)
    stored = await dependencies_of(session, sorted(wanted))
    beyond = await reachable_dependencies(session, {i for needed in wanted.values() for i in needed})
    sound = without_circles(wanted, {i: needed for i, needed in beyond.items() if i not in wanted})
    changed = {task_id: needed for task_id, needed in sound.items() if needed != stored.get(task_id, [])}
    await replace_dependencies(session, changed)
    concerned = {i for task_id, needed in changed.items() for i in (task_id, *needed, *stored.get(task_id, []))}
    return concerned | await neighbours(session, concerned)


def without_circles(
    wanted: Mapping[int, Collection[int]], edges: Mapping[int, Collection[int]]
) -> dict[int, list[int]]:
    """What each task may wait for, beside `edges` that stand. A circle at the source is nothing to refuse an import
    for: the step that would close it is left out. The smallest ids come first, so that the end is always the same."""
    standing: dict[int, set[int]] = {task_id: set(needed) for task_id, needed in edges.items()}
    sound: dict[int, list[int]] = {}
    for task_id in sorted(wanted):
        sound[task_id] = [needed for needed in sorted(wanted[task_id]) if not _leads(standing, needed, task_id)]
        standing[task_id] = set(sound[task_id])
    return sound


def _leads(edges: Mapping[int, Collection[int]], start: int, end: int) -> bool:
    """Whether `start` waits for `end`, directly or through others."""
    seen, left = {start}, [start]
    while left:
        at = left.pop()
        if at == end:
            return True
        further = [i for i in edges.get(at, ()) if i not in seen]
        seen.update(further)
        left += further
    return False


async def _persons_own(session: AsyncSession, task_ids: Collection[int], name: str) -> set[int]:
    """The tasks for which a person set `name`."""
    own: set[int] = set()
    for some in chunks(task_ids):
        query = select(Task.id, Task.person_set).where(Task.id.in_(some))
        own |= {row.id for row in await session.execute(query) if name in row.person_set}
    return own


async def _waiting(session: AsyncSession, item_ids: Sequence[int], keys: Collection[str]) -> set[int]:
    found: set[int] = set()
    query = select(StoredItem.task_id).join(ItemLink, ItemLink.item_id == StoredItem.id)
    query = query.where(ItemLink.relation == "depends_on", StoredItem.task_id.is_not(None))
    for some in chunks(item_ids):
        found |= {i for i in (await session.execute(query.where(ItemLink.item_id.in_(some)))).scalars() if i}
    for some_keys in chunks(keys):
        found |= {i for i in (await session.execute(query.where(ItemLink.key.in_(some_keys)))).scalars() if i}
    return found


async def _needed(session: AsyncSession, task_ids: Collection[int]) -> dict[int, set[int]]:
    """The living tasks that the rows of each task wait for, by what is known of their keys."""
    needed: dict[int, set[int]] = {task_id: set() for task_id in task_ids}
    query = (
        select(StoredItem.task_id, ConversationKey.task_id.label("needed"))
        .join(ItemLink, ItemLink.item_id == StoredItem.id)
        .join(ConversationKey, ConversationKey.key == ItemLink.key)
        .join(Task, Task.id == ConversationKey.task_id)
        .where(ItemLink.relation == "depends_on", Task.deleted_at.is_(None))
    )
    for some in chunks(task_ids):
        for row in await session.execute(query.where(StoredItem.task_id.in_(some))):
            if row.needed != row.task_id:
                needed[row.task_id].add(row.needed)
    return needed
