"""Storing one page of items: each once, in its task, with facts and scores, all in the caller's transaction.

The same page twice changes nothing. What people set is never touched here: derivation keeps it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks, one_at_a_time
from app.core.rows import AnyRow, update_rows, upsert
from app.domains.reading import Reading
from app.domains.tasks import derivation, threading
from app.domains.tasks.models import ConversationKey, StoredItem, Task, TaskEvent
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import mutable, row_of
from app.records import Item


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from. `integrations` maps ids to names, this one's included."""

    integration_id: int
    kind: str
    run_id: int
    integrations: Mapping[int, str]


@dataclass(slots=True)
class RunMemory:
    """What one run remembers between its pages, small and bounded by the number of labelled items."""

    flagged: set[str] = field(default_factory=set)
    """External ids whose labels or flags this run has set: of two copies in one file the first one counts."""
    updated_tasks: set[int] = field(default_factory=set)


@dataclass(slots=True)
class PageCounts:
    new: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class _Sorted:
    """A page's items by what has to be done with them."""

    new: list[tuple[Item, Reading]] = field(default_factory=list)
    updated: list[tuple[int, int | None, Item]] = field(default_factory=list)
    """Stored id, task id, item."""
    unchanged: int = 0


async def store_page(
    session: AsyncSession,
    page: Sequence[tuple[Item, Reading]],
    origin: Origin,
    policy: Policy,
    memory: RunMemory,
    *,
    now: datetime,
) -> PageCounts:
    """Store a page. Bounded work: a few statements a page, whatever is stored already."""
    await one_at_a_time(session, "ingest")
    known = await _known(session, origin.integration_id, page)
    todo = _sort(page, known, memory)
    touched = {task_id for _, task_id, _ in todo.updated if task_id is not None}
    item_ids: list[int] = []
    if todo.new:
        task_ids, item_ids = await _store_new(session, todo.new, origin, now=now)
        touched |= task_ids
    await update_rows(session, StoredItem, [mutable(item) | {"id": stored_id} for stored_id, _, item in todo.updated])
    living = await _living(session, touched)
    await derivation.refresh(
        session, living, policy, now=now, integrations=origin.integrations, new_items=item_ids, actor="import"
    )
    memory.updated_tasks |= set(living)
    return PageCounts(len(todo.new), len(todo.updated), todo.unchanged)


async def _known(session: AsyncSession, integration_id: int, page: Sequence[tuple[Item, Reading]]) -> dict[str, AnyRow]:
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
    ids = {name for item, _ in page for name in (item.external_id, _other_id(item))}
    known = {}
    for some in chunks(ids):
        query = select(*columns).where(StoredItem.integration_id == integration_id, StoredItem.external_id.in_(some))
        known.update({row.external_id: row for row in await session.execute(query)})
    return known


def _other_id(item: Item) -> str:
    """The id of a different message that bears the same Message-ID: mailers and people do reuse them."""
    return f"{item.external_id}#{item.content_hash[:12]}"


def _sort(page: Sequence[tuple[Item, Reading]], known: Mapping[str, AnyRow], memory: RunMemory) -> _Sorted:
    todo = _Sorted()
    fresh: dict[str, str] = {}
    """External id to content hash of the items this page brings."""
    for given, words in page:
        item = given
        row = known.get(item.external_id)
        stored_hash = row.content_hash if row else fresh.get(item.external_id)
        if stored_hash is not None and stored_hash != item.content_hash:
            item = replace(item, external_id=_other_id(item))
            row = known.get(item.external_id)
        if row is not None:
            if item.external_id not in memory.flagged and _flags_differ(row, item):
                todo.updated.append((row.id, row.task_id, item))
            else:
                todo.unchanged += 1
        elif item.external_id in fresh:
            todo.unchanged += 1
        else:
            fresh[item.external_id] = item.content_hash
            todo.new.append((item, words))
        if item.labels or item.unread is not None or item.starred is not None:
            memory.flagged.add(item.external_id)
    return todo


def _flags_differ(row: AnyRow, item: Item) -> bool:
    return any(getattr(row, name) != value for name, value in mutable(item).items())


async def _store_new(
    session: AsyncSession, new: Sequence[tuple[Item, Reading]], origin: Origin, *, now: datetime
) -> tuple[set[int], list[int]]:
    """Thread the items, store them and their tasks. Returns ids of the tasks they are in, and of the items."""
    threads = await threading.load(session, [item for item, _ in new])
    places = [threads.place(item) for item, _ in new]
    await _store_threads(session, _distinct(places), origin, now=now)
    merged = dict(threads.merges)
    for source, target in threads.merges:
        if source.id is not None and target.id is not None and source.id != target.id:
            await merge_rows(session, source.id, target.id, now=now)

    def final(thread: threading.Thread) -> int:
        while thread in merged:
            thread = merged[thread]
        if thread.id is None:
            raise AssertionError("every thread of a page is stored before its items")
        return thread.id

    rows = [
        row_of(item, words, integration_id=origin.integration_id, run_id=origin.run_id, now=now)
        | {"task_id": final(place)}
        for (item, words), place in zip(new, places, strict=True)
    ]
    statement = insert(StoredItem).returning(StoredItem.id, sort_by_parameter_order=True)
    item_ids = list((await session.execute(statement, rows)).scalars())
    keys = {key: final(threads.by_key[key]) for item, _ in new for key in item.keys}
    await upsert(
        session,
        ConversationKey,
        [{"key": key, "task_id": task_id} for key, task_id in keys.items()],
        key=("key",),
        overwrite=False,
    )
    return {row["task_id"] for row in rows}, item_ids


def _distinct(places: Sequence[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in dict.fromkeys(places) if thread.id is None]


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
        "subject_key": "",
        "kind": "task",
    }


async def merge_rows(session: AsyncSession, source: int, target: int, *, now: datetime) -> None:
    """Threading found two tasks to be one conversation: `source` becomes a tombstone that points to `target`."""
    await session.execute(update(StoredItem).where(StoredItem.task_id == source).values(task_id=target))
    await session.execute(update(ConversationKey).where(ConversationKey.task_id == source).values(task_id=target))
    await session.execute(
        update(Task).where(Task.id == source).values(deleted_at=now, merged_into=target, updated_at=now)
    )
    detail = f"Joined with task {source}: a message showed that they are one conversation."
    await session.execute(
        insert(TaskEvent), [derivation.event(target, now, "import", "joined", detail, {"merged": [None, source]})]
    )


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


async def item_counts(session: AsyncSession, integration_ids: Sequence[int]) -> dict[int, int]:
    """How many items each integration has brought."""
    query = select(StoredItem.integration_id, func.count().label("items"))
    rows = await session.execute(
        query.where(StoredItem.integration_id.in_(integration_ids)).group_by(StoredItem.integration_id)
    )
    return {row.integration_id: row.items for row in rows}


async def forget_integration(session: AsyncSession, integration_id: int) -> tuple[int, int]:
    """Remove an integration's items, and the tasks that no other integration has items in; returns both counts."""
    elsewhere = select(StoredItem.task_id).where(
        StoredItem.integration_id != integration_id, StoredItem.task_id.is_not(None)
    )
    own = select(StoredItem.task_id).where(StoredItem.integration_id == integration_id, StoredItem.task_id.is_not(None))
    tasks = await session.execute(delete(Task).where(Task.id.in_(own), Task.id.not_in(elsewhere)).returning(Task.id))
    gone = len(tasks.all())
    items = (await item_counts(session, [integration_id])).get(integration_id, 0)
    await session.execute(delete(StoredItem).where(StoredItem.integration_id == integration_id))
    return items, gone
