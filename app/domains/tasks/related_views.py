"""From relations, pairs and found items to what the API and the command line show."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.tasks import queue, views
from app.domains.tasks.belongings import dependencies_of, labels_of
from app.domains.tasks.duplicates import Pair
from app.domains.tasks.models import StoredItem, Task
from app.domains.tasks.related_schemas import (
    DuplicateOut,
    DuplicatePage,
    FoundItem,
    FoundItems,
    RelatedOut,
    RelatedPage,
)
from app.domains.tasks.relating import Relation
from app.domains.tasks.schemas import TaskOut


async def related_out(
    session: AsyncSession, relations: Sequence[Relation], integrations: Mapping[int, str], *, more: bool
) -> RelatedPage:
    tasks = await tasks_out(session, [relation.task_id for relation in relations], integrations)
    shown = [
        RelatedOut(
            task=tasks[relation.task_id],
            relation=relation.relation,
            because=relation.because,
            item=relation.item_id,
            duplicate=relation.duplicate,
            may_merge=relation.may_merge,
        )
        for relation in relations
        if relation.task_id in tasks
    ]
    return RelatedPage(items=shown, has_more=more)


async def duplicates_out(
    session: AsyncSession, pairs: Sequence[Pair], following: str | None, integrations: Mapping[int, str]
) -> DuplicatePage:
    tasks = await tasks_out(session, [i for pair in pairs for i in (pair.later, pair.earlier)], integrations)
    shown = [
        DuplicateOut(task=tasks[pair.later], other=tasks[pair.earlier], because=pair.because, may_merge=pair.may_merge)
        for pair in pairs
        if pair.later in tasks and pair.earlier in tasks
    ]
    return DuplicatePage(items=shown, next_cursor=following)


def found_item(item: StoredItem, integrations: Mapping[int, str]) -> FoundItem:
    shown = views.item_out(item, integrations)
    return FoundItem(**dict(shown), task=item.task_id)


def found_items(items: Sequence[StoredItem], following: str | None, integrations: Mapping[int, str]) -> FoundItems:
    shown = [found_item(item, integrations) for item in items]
    return FoundItems(items=shown, next_cursor=following)


async def tasks_out(session: AsyncSession, ids: Collection[int], integrations: Mapping[int, str]) -> dict[int, TaskOut]:
    """The living ones of `ids`."""
    labels = await labels_of(session, list(ids))
    needed = await dependencies_of(session, list(ids), deleted_too=False)
    shown: dict[int, TaskOut] = {}
    for some in chunks(ids):
        query = select(*queue.COLUMNS).where(Task.id.in_(some), Task.deleted_at.is_(None))
        for row in await session.execute(query):
            shown[row.id] = views.task_out(row, integrations, labels.get(row.id, ()), needed.get(row.id, ()))
    await views.leave_out_unseen(session, shown.values())
    return shown
