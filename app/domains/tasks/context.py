"""Items as they can be found: messages, rows and the lines that belong to no task; and making a task of such a line."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import Select

from app.core import paging, seeing
from app.core.database import chunks, one_at_a_time
from app.core.errors import Conflict, NotFound
from app.core.rows import upsert
from app.domains.tasks import audited, derivation, loose, search, undo
from app.domains.tasks.actions import Acting, announce, refresh
from app.domains.tasks.models import ConversationKey, StoredItem, Task, TaskEvent
from app.domains.tasks.placing import blank_task
from app.domains.tasks.undo import Taken

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
"""Stands in cursors for a time that nobody knows."""
_LIVING = or_(StoredItem.task_id.is_(None), exists().where(Task.id == StoredItem.task_id, Task.deleted_at.is_(None)))
"""What stands in a task that was deleted is not found again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Conditions that hold together."""

    q: str | None = None
    integration_ids: tuple[int, ...] | None = None
    context: bool | None = None
    """True: only what belongs to no task. False: only what belongs to one."""
    since: datetime | None = None
    until: datetime | None = None
    """From `since` on, and before `until`: what bears no time is then left out."""

    @property
    def name(self) -> str:
        """A short name of this combination, for cursors."""
        values = [str(getattr(self, name)) for name in self.__dataclass_fields__]
        return f"items {hashlib.sha256(json.dumps(values).encode()).hexdigest()[:10]}"


def conditions(wanted: Wanted, *, sqlite: bool) -> Select[StoredItem]:
    query = select(StoredItem).where(_LIVING)
    if wanted.q is not None and wanted.q.strip():
        query = query.where(search.matching_items(wanted.q, sqlite=sqlite))
    if wanted.integration_ids is not None:
        query = query.where(StoredItem.integration_id.in_(wanted.integration_ids))
    if wanted.context is not None:
        query = query.where(StoredItem.task_id.is_(None) if wanted.context else StoredItem.task_id.is_not(None))
    if wanted.since is not None:
        query = query.where(StoredItem.sent_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(StoredItem.sent_at < wanted.until)
    return query


async def page(
    session: AsyncSession, wanted: Wanted, *, sqlite: bool, limit: int, cursor: str | None = None
) -> tuple[Sequence[StoredItem], str | None]:
    """Newest first, what bears no time last; and the cursor of the next page."""
    at, item_id = paging.decode_key(cursor, wanted.name, (datetime, int)) if cursor is not None else (None, None)
    query = conditions(wanted, sqlite=sqlite)
    if wanted.q:
        await search.look_up(session, sqlite=sqlite)
    found: list[StoredItem] = []
    if at != _LONG_AGO:
        dated = query.where(StoredItem.sent_at.is_not(None))
        if at is not None:
            dated = dated.where(tuple_(StoredItem.sent_at, StoredItem.id) < tuple_(at, item_id))
        dated = dated.order_by(StoredItem.sent_at.desc(), StoredItem.id.desc()).limit(limit + 1)
        found += (await session.execute(dated)).scalars()
    if len(found) <= limit:
        # In two parts: one index serves each of them on both databases, which sort unknown times differently.
        undated = query.where(StoredItem.sent_at.is_(None))
        if at == _LONG_AGO:
            undated = undated.where(StoredItem.id < item_id)
        undated = undated.order_by(StoredItem.id.desc()).limit(limit + 1 - len(found))
        found += (await session.execute(undated)).scalars()
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], paging.encode(wanted.name, [(last.sent_at or _LONG_AGO).isoformat(), last.id])


async def get(session: AsyncSession, item_id: int) -> StoredItem:
    """Raises NotFound, also for an item whose task was deleted."""
    query = select(StoredItem).where(StoredItem.id == item_id, _LIVING)
    with seeing.restricted(session):
        item = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if item is None:
        raise NotFound(f"There is no item {item_id}.")
    return item


async def make_task(session: AsyncSession, item_id: int, kind: str, acting: Acting) -> tuple[int, Taken]:
    """Make a task of context, with what its talk refers to; returns its id. `kind` is its integration's.

    Its status counts as set by a person: no later import sets it aside. Raises NotFound, and Conflict where the item
    belongs to a task.
    """
    await one_at_a_time(session, "ingest")  # an import may be giving it a task at this moment
    item = await get(session, item_id)
    if item.task_id is not None:
        raise Conflict(f"Item {item_id} belongs to task {item.task_id} already.", task=item.task_id)
    row: dict[str, Any] = blank_task(now=acting.now) | {
        "kind": kind,
        "integration_id": item.integration_id,
        "external_id": item.external_id,
        "url": item.url or None,
        "opened_at": item.sent_at or acting.now,
        "person_set": ["status"],
        "version": 0,
    }
    made = (await session.execute(insert(Task).returning(Task.id), [row])).scalar_one()
    await session.execute(update(StoredItem).where(StoredItem.id == item_id).values(task_id=made))
    rows = [{"key": key, "task_id": made} for key in dict.fromkeys(item.keys)]
    await upsert(session, ConversationKey, rows, key=("key",), overwrite=False)
    await loose.claim(session, dict.fromkeys(item.keys[1:], made))
    line = derivation.event(made, acting.now, acting.actor, "created", "Made a task of it.", {})
    await session.execute(insert(TaskEvent), [line])
    audited.note_made(session, made, {"item": item_id})
    await announce(session, "create", await refresh(session, [made], acting), acting)
    before = {"tasks": {}, "labels": {}, "dependencies": {}, "made": [made], "released": [made]}
    taken = await undo.keep(session, "make a task", before, now=acting.now, undo_for=acting.undo_for)
    return made, taken


async def release(session: AsyncSession, task_ids: Sequence[int]) -> None:
    """Let the items of tasks be context again: no task holds them, and no id leads to one."""
    for some in chunks(task_ids):
        await session.execute(update(StoredItem).where(StoredItem.task_id.in_(some)).values(task_id=None))
        await session.execute(delete(ConversationKey).where(ConversationKey.task_id.in_(some)))
