"""Giving the items of a page their tasks: found, made, or united where an item shows that two are one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import insert_rows, update_rows, upsert
from app.domains.reading import Reading
from app.domains.tasks import loose, naming, threading
from app.domains.tasks.locking import lock, lock_dependencies
from app.domains.tasks.models import ConversationKey, ItemLink, StoredItem, Task
from app.domains.tasks.reading import row_of
from app.domains.tasks.uniting import unite
from app.records import Item


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from. `integrations` maps ids to names, this one's included."""

    integration_id: int
    kind: str
    run_id: int | None
    integrations: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that has no task yet: new, or context that asks for work since it was revised."""

    item: Item
    words: Reading
    stored_id: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a page's arrivals."""

    item_ids: list[int]
    """Of the new items, in the order of the arrivals."""
    touched: set[int]
    """Tasks that have more items now."""
    around: set[int]
    """Tasks that stand differently, because those they wait for were united."""


async def place(
    session: AsyncSession, arrivals: Sequence[Arrival], touched: set[int], origin: Origin, *, now: datetime
) -> Placed:
    """Find or make the task of each arrival and store it there; what asks for no work is stored without one.

    All tasks that the page changes, `touched` among them, are locked before it does.
    """
    items = [arrival.item for arrival in arrivals]
    threads = await threading.load(session, items)
    places = threads.place_all(items, loose.waiting([(arrival.item, arrival.words) for arrival in arrivals]))
    found = [thread for thread in places if thread is not None]
    if threads.merged or any(item.work for item in items):
        await lock_dependencies(session)
    await lock(session, {*touched, *(thread.id for thread in (*found, *threads.merged) if thread.id is not None)})
    await _store_threads(session, [t for t in dict.fromkeys(found) if t.id is None], origin, now=now)
    around: set[int] = set()
    for source in threads.merged:
        if source.id is not None:  # one that began on this page was never stored
            around |= await unite(session, source.id, _stored(threads.final(source)), now=now)
    item_ids = await _store_items(session, arrivals, places, origin, now=now)
    owners = {key: _stored(threads.by_key[key]) for item in items for key in item.keys if key in threads.by_key}
    rows = [{"key": key, "task_id": task_id} for key, task_id in owners.items()]
    await upsert(session, ConversationKey, rows, key=("key",), overwrite=False)
    claimed = await loose.claim(session, owners)
    return Placed(item_ids, claimed | {_stored(thread) for thread in found}, around)


async def _store_items(
    session: AsyncSession,
    arrivals: Sequence[Arrival],
    places: Sequence[threading.Thread | None],
    origin: Origin,
    *,
    now: datetime,
) -> list[int]:
    """Store what is new, and hang on its task what was context. Returns the ids of the new items."""
    rows, promoted, links = [], [], []
    for arrival, thread in zip(arrivals, places, strict=True):
        task_id = _stored(thread) if thread else None
        if arrival.stored_id is None:
            row = row_of(
                arrival.item, arrival.words, integration_id=origin.integration_id, run_id=origin.run_id, now=now
            )
            rows.append(row | {"task_id": task_id})
        elif task_id is not None:
            promoted.append({"id": arrival.stored_id, "task_id": task_id})
    await update_rows(session, StoredItem, promoted)
    if not rows:
        return []
    item_ids = await insert_rows(session, StoredItem, rows)
    new = [arrival.item for arrival in arrivals if arrival.stored_id is None]
    for item_id, item in zip(item_ids, new, strict=True):
        links += links_of(item_id, item)
    if links:
        await session.execute(insert(ItemLink), links)
    return item_ids


def links_of(item_id: int, item: Item) -> list[dict[str, Any]]:
    """Rows of `item_links`: what the item points to, and what its row waits for."""
    keys = {("mentions", key) for key in item.links if key not in item.keys}
    keys |= {("depends_on", key) for key in (item.work.depends_on if item.work else ())}
    keys |= {("mentions", naming.id_key(name)) for name in naming.ids_of(item.work)}  # so that OPS-123 finds its row
    return [{"item_id": item_id, "relation": relation, "key": key} for relation, key in sorted(keys)]


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
    for thread, task_id in zip(threads, await insert_rows(session, Task, rows), strict=True):
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
        "title_key": "",
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
        "scored_with": "",
        "rank_tier": 1,
        "rank_points": 0,
        "rank_due": 0,
        "sender": "",
        "mark": "",
        "subject_key": "",
        "kind": "task",
    }
