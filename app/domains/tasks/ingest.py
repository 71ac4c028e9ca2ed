"""Storing one page of items: each once, in its task, with facts and scores, all in the caller's transaction.

The same page twice changes nothing. What people set is never touched here: derivation keeps it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks, one_at_a_time
from app.core.rows import AnyRow, update_rows, upsert
from app.domains.tasks import copies, derivation, threading
from app.domains.tasks.copies import Readable, RunMemory
from app.domains.tasks.locking import lock, lock_dependencies
from app.domains.tasks.models import ConversationKey, StoredItem, Task
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import mutable, read_item, row_of
from app.domains.tasks.uniting import unite
from app.domains.tasks.us import Us
from app.records import Item


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from. `integrations` maps ids to names, this one's included."""

    integration_id: int
    kind: str
    run_id: int
    integrations: Mapping[int, str]


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
    touched = {task_id for _, task_id, _ in todo.changed if task_id is not None}
    item_ids: list[int] = []
    around: set[int] = set()
    if todo.new:
        threads, places = await _threaded(session, todo.new, touched)
        around = await _unite_threads(session, threads, places, origin, now=now)
        item_ids = await _store_new(session, todo.new, threads, places, origin, policy.us, now=now)
        touched |= {_stored(place) for place in places}
    else:
        await lock(session, touched)
    await update_rows(session, StoredItem, [mutable(item) | {"id": stored_id} for stored_id, _, item in todo.changed])
    living = await _living(session, touched)
    await derivation.refresh(
        session, living, policy, now=now, integrations=origin.integrations, new_items=item_ids, actor="import"
    )
    await derivation.refresh(
        session, around - set(living), policy, now=now, integrations=origin.integrations, grow_version=False
    )
    memory.updated_tasks |= set(living)
    return PageCounts(len(todo.new), todo.updated, todo.unchanged)


async def stored_hashes(session: AsyncSession, integration_id: int, items: Sequence[Item]) -> set[str]:
    """Those of the items' content hashes under which an item of the same id is stored."""
    found: set[str] = set()
    for some in chunks(copies.ids_of([(item, None) for item in items])):
        query = select(StoredItem.content_hash)
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
    )
    known = {}
    for some in chunks(copies.ids_of(page)):
        query = select(*columns).where(StoredItem.integration_id == integration_id, StoredItem.external_id.in_(some))
        known.update({row.external_id: row for row in await session.execute(query)})
    return known


async def _threaded(
    session: AsyncSession, new: Sequence[Readable], touched: set[int]
) -> tuple[threading.Threads, list[threading.Thread]]:
    """The thread of each item. All tasks that the page changes, `touched` among them, are locked before it does."""
    threads = await threading.load(session, [item for item, _ in new])
    places = threads.place_all([item for item, _ in new])
    if threads.merged:
        await lock_dependencies(session)
    await lock(session, {*touched, *(thread.id for thread in (*places, *threads.merged) if thread.id is not None)})
    return threads, places


async def _unite_threads(
    session: AsyncSession,
    threads: threading.Threads,
    places: Sequence[threading.Thread],
    origin: Origin,
    *,
    now: datetime,
) -> set[int]:
    """Store the threads that are new, and unite those that turned out to be one. Returns who stands differently."""
    await _store_threads(session, [t for t in dict.fromkeys(places) if t.id is None], origin, now=now)
    around: set[int] = set()
    for source in threads.merged:
        if source.id is not None:  # one that began on this page was never stored
            around |= await unite(session, source.id, _stored(threads.final(source)), now=now)
    return around


async def _store_new(
    session: AsyncSession,
    new: Sequence[Readable],
    threads: threading.Threads,
    places: Sequence[threading.Thread],
    origin: Origin,
    us: Us,
    *,
    now: datetime,
) -> list[int]:
    """Store the items and the ids by which later ones find them. Returns the items' ids."""
    rows = [
        row_of(item, words or read_item(item, us), integration_id=origin.integration_id, run_id=origin.run_id, now=now)
        | {"task_id": _stored(place)}
        for (item, words), place in zip(new, places, strict=True)
    ]
    statement = insert(StoredItem).returning(StoredItem.id, sort_by_parameter_order=True)
    item_ids = list((await session.execute(statement, rows)).scalars())
    keys = {key: _stored(threads.by_key[key]) for item, _ in new for key in item.keys}
    await upsert(
        session,
        ConversationKey,
        [{"key": key, "task_id": task_id} for key, task_id in keys.items()],
        key=("key",),
        overwrite=False,
    )
    return item_ids


def _stored(thread: threading.Thread) -> int:
    if thread.id is None:
        raise AssertionError("every thread of a page is stored before its items")
    return thread.id


async def _store_threads(
    session: AsyncSession, threads: Sequence[threading.Thread], origin: Origin, *, now: datetime
) -> None:
    """Give each new thread a row of `tasks`; derivation fills in the rest within the same transaction."""
    if not threads:
        return
    rows = [_new_task(thread, origin, now=now) for thread in threads]
    statement = insert(Task).returning(Task.id, sort_by_parameter_order=True)
    for thread, task_id in zip(threads, (await session.execute(statement, rows)).scalars(), strict=True):
        thread.id = task_id


def _new_task(thread: threading.Thread, origin: Origin, *, now: datetime) -> dict[str, Any]:
    item = thread.first
    if item is None:
        raise AssertionError("a thread without id was started by an item of this page")
    return blank_task(now=now) | {
        "kind": origin.kind,
        "integration_id": origin.integration_id,
        "run_id": origin.run_id,
        "external_id": item.external_id,
        "url": item.url or None,
        "subject_key": thread.subject_key,
        "opened_at": item.sent_at or now,
        "version": 0,  # the refresh that follows makes it 1
    }


def blank_task(*, now: datetime) -> dict[str, Any]:
    """A row of `tasks` that says nothing yet, for derivation to fill."""
    return {
        "title": "",
        "status": "open",
        "notes": "",
        "person_set": [],
        "people": [],
        "opened_at": now,
        "created_at": now,
        "updated_at": now,
        "tier": "normal",
        "points_milli": 0,
        "score_milli": 0,
        "band": "someday",
        "reasons": [],
        "scored_at": now,
        "score_revision": 0,
        "derived_with": "",
        "rank_tier": 1,
        "rank_points": 0,
        "rank_due": 0,
        "sender": "",
        "subject_key": "",
        "kind": "task",
    }


async def _living(session: AsyncSession, task_ids: set[int]) -> list[int]:
    """Those of `task_ids` that are not tombstones, in order."""
    living: list[int] = []
    for some in chunks(task_ids):
        query = select(Task.id).where(Task.id.in_(some), Task.deleted_at.is_(None))
        living += (await session.execute(query)).scalars()
    return sorted(living)


async def tasks_made_by(session: AsyncSession, run_id: int) -> tuple[int, int]:
    """How many tasks a run made that still stand, and how many of them are not for us."""
    query = select(Task.status, func.count().label("tasks")).where(Task.run_id == run_id, Task.deleted_at.is_(None))
    counts = {row.status: row.tasks for row in await session.execute(query.group_by(Task.status))}
    return sum(counts.values()), counts.get("not_for_us", 0)


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
    """How many items each integration has brought."""
    query = select(StoredItem.integration_id, func.count().label("items"))
    rows = await session.execute(
        query.where(StoredItem.integration_id.in_(integration_ids)).group_by(StoredItem.integration_id)
    )
    return {row.integration_id: row.items for row in rows}
