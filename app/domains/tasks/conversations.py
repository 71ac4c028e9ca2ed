"""Reading a task's items and its history, a page at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import paging
from app.domains.tasks.models import StoredItem, TaskEvent

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


async def items(
    session: AsyncSession, task_id: int, *, limit: int, cursor: str | None
) -> tuple[Sequence[StoredItem], str | None]:
    """Oldest first, undated ones before; and the cursor of the next page."""
    name = f"items {task_id}"
    sent_at: Any = func.coalesce(StoredItem.sent_at, _LONG_AGO, type_=StoredItem.sent_at.type)
    query = select(StoredItem).where(StoredItem.task_id == task_id).order_by(sent_at, StoredItem.id).limit(limit + 1)
    if cursor is not None:
        at, item_id = paging.decode_key(cursor, name, (datetime, int))
        query = query.where(tuple_(sent_at, StoredItem.id) > tuple_(at, item_id))
    found = (await session.execute(query)).scalars().all()
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], paging.encode(name, [(last.sent_at or _LONG_AGO).isoformat(), last.id])


async def history(
    session: AsyncSession, task_id: int, *, limit: int, cursor: str | None
) -> tuple[Sequence[TaskEvent], str | None]:
    """Newest first, and the cursor of the next page."""
    name = f"history {task_id}"
    query = select(TaskEvent).where(TaskEvent.task_id == task_id).order_by(TaskEvent.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(TaskEvent.id < paging.decode_id(cursor, name))
    found = (await session.execute(query)).scalars().all()
    more = len(found) > limit
    return found[:limit], paging.encode(name, [found[limit - 1].id]) if more else None
