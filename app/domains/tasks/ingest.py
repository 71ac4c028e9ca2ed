"""Storing one page of items: each once, in its task, with facts and scores, all in the caller's transaction.

The same page twice changes nothing. What people set is never touched here: derivation keeps it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks, one_at_a_time
from app.core.rows import AnyRow, update_rows
from app.domains import reading
from app.domains.reading import Reading
from app.domains.tasks import copies, derivation
from app.domains.tasks.belongings_at_source import take_over_dependencies, take_over_labels
from app.domains.tasks.copies import Readable, RunMemory
from app.domains.tasks.locking import lock, lock_dependencies
from app.domains.tasks.models import ItemLink, StoredItem, Task
from app.domains.tasks.placing import Arrival, Origin, Placed, links_of, place
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import mutable, read_item, written
from app.records import Item

_UNREAD = Reading(0, 0, ())
"""Stands for the words of a stored item whose labels changed, or that is known to be answered now."""


@dataclass(slots=True)
class PageCounts:
    new: int = 0
    updated: int = 0
    unchanged: int = 0


async def store_page(
    session: AsyncSession,
    page: Sequence[Readable],
    origin: Origin,
    policy: Policy,
    memory: RunMemory,
    *,
    now: datetime,
) -> PageCounts:
    """Store a page: a few statements, however much is stored. Deriving costs the conversations' length."""
    await one_at_a_time(session, "ingest")
    known = await _known(session, origin.integration_id, page)
    todo = copies.sort(page, known, memory)
    us = policy.us
    revised = [(of, task_id, item, words or read_item(item, us)) for of, task_id, (item, words) in todo.revised]
    arrivals = [Arrival(item, words or read_item(item, us)) for item, words in todo.new]
    arrivals += [Arrival(item, words, stored_id) for stored_id, task_id, item, words in revised if task_id is None]
    arrivals += [Arrival(item, _UNREAD, stored_id) for stored_id, task_id, item in todo.changed if task_id is None]
    touched = {task_id for _, task_id, *_ in (*todo.changed, *todo.revised) if task_id is not None}
    if any(item.work for _, _, item, _ in revised):
        await lock_dependencies(session)
    placed = Placed([], set(), set())
    if arrivals:
        placed = await place(session, arrivals, touched, origin, now=now)
    else:
        await lock(session, touched)
    await _rewrite(session, todo.changed, revised)  # after the tasks are locked: whoever merges locks in that order too
    touched |= placed.touched
    rows = [item for _, _, item, _ in revised] + [arrival.item for arrival in arrivals]
    around = placed.around | await _take_over(session, [item for item in rows if item.work], origin.integration_id)
    living = await _living(session, touched)
    await derivation.refresh(
        session, living, policy, now=now, integrations=origin.integrations, new_items=placed.item_ids, actor="import"
    )
    await derivation.refresh(
        session, around - set(living), policy, now=now, integrations=origin.integrations, grow_version=False
    )
    memory.updated_tasks |= set(living)
    return PageCounts(len(todo.new), todo.updated, todo.unchanged)


async def take_away(
    session: AsyncSession,
    external_ids: Collection[str],
    origin: Origin,
    policy: Policy,
    memory: RunMemory,
    *,
    now: datetime,
) -> int:
    """Follow what was deleted at its source: the items' words go here too, their tasks stay with what people made of
    them. Returns how many items that were."""
    await one_at_a_time(session, "ingest")
    rows: list[AnyRow] = []
    for some in chunks(external_ids):
        query = select(StoredItem.id, StoredItem.task_id).where(StoredItem.integration_id == origin.integration_id)
        query = query.where(StoredItem.external_id.in_(some), StoredItem.gone_at.is_(None))
        rows += (await session.execute(query)).all()
    if not rows:
        return 0
    touched = {row.task_id for row in rows if row.task_id is not None}
    await lock(session, touched)
    await update_rows(session, StoredItem, [{"id": row.id, "gone_at": now, **_EMPTIED} for row in rows])
    for some in chunks([row.id for row in rows]):
        await session.execute(delete(ItemLink).where(ItemLink.item_id.in_(some)))
    living = await _living(session, touched)
    await derivation.refresh(session, living, policy, now=now, integrations=origin.integrations, actor="import")
    memory.updated_tasks |= set(living)
    return len(rows)


_EMPTIED: Mapping[str, Any] = {
    "content_hash": "",  # whatever comes back is another wording
    "text": "",
    "quoted": "",
    "signature": "",
    "attachments": [],
    "work": None,
    "problems": [],
    "automation_category": "deleted",
    "automation_reason": "It was deleted at its source.",
    "reading": reading.to_json(_UNREAD),
}


async def _rewrite(
    session: AsyncSession,
    changed: Sequence[tuple[int, int | None, Item]],
    revised: Sequence[tuple[int, int | None, Item, Reading]],
) -> None:
    """Store other labels and flags, and other words with what they point to."""
    await update_rows(session, StoredItem, [mutable(item) | {"id": stored_id} for stored_id, _, item in changed])
    rows = [written(item, words) | mutable(item) | {"id": stored_id} for stored_id, _, item, words in revised]
    await update_rows(session, StoredItem, rows)
    for some in chunks([stored_id for stored_id, *_ in revised]):
        await session.execute(delete(ItemLink).where(ItemLink.item_id.in_(some)))
    links = [link for stored_id, _, item, _ in revised for link in links_of(stored_id, item)]
    if links:
        await session.execute(insert(ItemLink), links)


async def _take_over(session: AsyncSession, rows: Sequence[Item], integration_id: int) -> set[int]:
    """What rows say beside the columns of a task. Returns the tasks that stand differently because of it."""
    if not rows:
        return set()
    stored: dict[str, AnyRow] = {}
    for some in chunks([item.external_id for item in rows]):
        query = select(StoredItem.id, StoredItem.task_id, StoredItem.external_id)
        query = query.where(StoredItem.integration_id == integration_id, StoredItem.external_id.in_(some))
        stored.update({row.external_id: row for row in await session.execute(query)})
    said = {
        row.task_id: item.work
        for item in rows
        if item.work and (row := stored.get(item.external_id)) and row.task_id is not None
    }
    await take_over_labels(session, said)
    keys = {key for item in rows for key in item.keys[:1]}
    return await take_over_dependencies(session, [row.id for row in stored.values()], keys)


async def stored_hashes(session: AsyncSession, integration_id: int, items: Sequence[Item]) -> set[str]:
    """Those of the items' content hashes under which an item of the same id is stored."""
    found: set[str] = set()
    for some in chunks(copies.ids_of([(item, None) for item in items])):
        query = select(StoredItem.content_hash)
        query = query.where(StoredItem.integration_id == integration_id, StoredItem.external_id.in_(some))
        found |= set((await session.execute(query)).scalars())
    return found


async def stored_ids(session: AsyncSession, integration_id: int, items: Sequence[Item]) -> set[str]:
    """Those of the items' external ids under which something is stored, gone or not."""
    found: set[str] = set()
    for some in chunks([item.external_id for item in items]):
        query = select(StoredItem.external_id)
        query = query.where(StoredItem.integration_id == integration_id, StoredItem.external_id.in_(some))
        found |= set((await session.execute(query)).scalars())
    return found


async def _known(session: AsyncSession, integration_id: int, page: Sequence[Readable]) -> dict[str, AnyRow]:
    columns = (
        StoredItem.id,
        StoredItem.task_id,
        StoredItem.external_id,
        StoredItem.content_hash,
        StoredItem.labels,
        StoredItem.unread,
        StoredItem.starred,
        StoredItem.important,
        StoredItem.loose,
        StoredItem.revised_at,
        StoredItem.gone_at,
        StoredItem.automation_category,
        StoredItem.sent_at,
    )
    known = {}
    for some in chunks(copies.ids_of(page)):
        query = select(*columns).where(StoredItem.integration_id == integration_id, StoredItem.external_id.in_(some))
        known.update({row.external_id: row for row in await session.execute(query)})
    return known


async def _living(session: AsyncSession, task_ids: set[int]) -> list[int]:
    """Those of `task_ids` that are not tombstones, in order."""
    living: list[int] = []
    for some in chunks(task_ids):
        query = select(Task.id).where(Task.id.in_(some), Task.deleted_at.is_(None))
        living += (await session.execute(query)).scalars()
    return sorted(living)


async def tasks_made_by(session: AsyncSession, run_id: int) -> dict[str, int]:
    """How many tasks of which status a run made, of those that still stand."""
    query = select(Task.status, func.count().label("tasks")).where(Task.run_id == run_id, Task.deleted_at.is_(None))
    return {row.status: row.tasks for row in await session.execute(query.group_by(Task.status))}


async def context_of(session: AsyncSession, run_id: int) -> int:
    """How many of a run's new items belong to no task."""
    query = select(func.count()).select_from(StoredItem)
    query = query.where(StoredItem.run_id == run_id, StoredItem.task_id.is_(None))
    return (await session.execute(query)).scalar_one()


async def made_by(session: AsyncSession, run_id: int, task_ids: set[int]) -> set[int]:
    """Those of `task_ids` that the run made itself."""
    made: set[int] = set()
    for some in chunks(task_ids):
        query = select(Task.id).where(Task.id.in_(some), Task.run_id == run_id)
        made |= set((await session.execute(query)).scalars())
    return made


async def tasks_with_items_of(session: AsyncSession, run_id: int) -> set[int]:
    """The tasks that a run brought items to."""
    query = select(StoredItem.task_id).where(StoredItem.run_id == run_id, StoredItem.task_id.is_not(None)).distinct()
    return {task_id for (task_id,) in await session.execute(query) if task_id is not None}


async def item_counts(session: AsyncSession, integration_ids: Sequence[int]) -> dict[int, int]:
    """How many items each integration has brought that are not gone."""
    query = select(StoredItem.integration_id, func.count().label("items"))
    rows = await session.execute(
        query.where(StoredItem.integration_id.in_(integration_ids), StoredItem.gone_at.is_(None)).group_by(
            StoredItem.integration_id
        )
    )
    return {row.integration_id: row.items for row in rows}
