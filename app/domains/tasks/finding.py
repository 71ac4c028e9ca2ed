"""What holds some words, tasks and context in one list: each with its place, who said it, when, and the words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.tasks import context, queue, search
from app.domains.tasks.filters import Filters
from app.domains.tasks.models import StoredItem, Task

_AROUND = 60
"""Characters of a text that are shown before what was found, and twice as many after it."""
_STEM = 4
"""Letters that all forms of a word share, roughly: the index finds forms, and the eye wants the place."""
_PER_TASK = 5
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A task, shown by the newest of its items that holds the words; or an item that belongs to none."""

    task: int | None
    item: int | None
    """None where only the task's own title or notes hold the words."""
    title: str
    status: str | None
    place: str
    """The channel or list, else the integration's name."""
    who: str
    at: datetime | None
    snippet: str


async def found(
    session: AsyncSession, words: str, integrations: Mapping[int, str], *, sqlite: bool, limit: int
) -> list[Hit]:
    """At most `limit`, newest first. Of a task with many matching items the newest speaks."""
    if not words.strip():
        return []
    wanted = context.Wanted(q=words)
    items, _ = await context.page(session, wanted, sqlite=sqlite, limit=limit * _PER_TASK)
    first: dict[tuple[str, int], StoredItem] = {}
    for item in items:
        first.setdefault(("task", item.task_id) if item.task_id else ("item", item.id), item)
    filters = Filters(status=(), q=words)
    titled = (await queue.page(session, filters, sqlite=sqlite, sort="-updated_at", limit=limit)).rows
    tasks = await _tasks(session, [item.task_id for item in first.values() if item.task_id])
    hits = [_of_item(item, tasks.get(item.task_id or 0), words, integrations) for item in first.values()]
    hits += [_of_task(row, words, integrations) for row in titled if ("task", row.id) not in first]
    return sorted(hits, key=lambda hit: hit.at or _LONG_AGO, reverse=True)[:limit]


async def _tasks(session: AsyncSession, ids: list[int]) -> dict[int, AnyRow]:
    tasks: dict[int, AnyRow] = {}
    for some in chunks(ids):
        query = select(Task.id, Task.title, Task.status).where(Task.id.in_(some))
        tasks |= {row.id: row for row in await session.execute(query)}
    return tasks


def _of_item(item: StoredItem, task: AnyRow | None, words: str, integrations: Mapping[int, str]) -> Hit:
    return Hit(
        task=item.task_id,
        item=item.id,
        title=task.title if task else item.subject,
        status=task.status if task else None,
        place=item.list_id or integrations.get(item.integration_id, ""),
        who=item.sender_name or item.sender_address,
        at=item.sent_at,
        snippet=snippet("\n".join(part for part in (item.subject, item.text) if part), words),
    )


def _of_task(row: AnyRow, words: str, integrations: Mapping[int, str]) -> Hit:
    return Hit(
        task=row.id,
        item=None,
        title=row.title,
        status=row.status,
        place=integrations.get(row.integration_id, ""),
        who=row.sender,
        at=row.last_item_at or row.opened_at,
        snippet=snippet(f"{row.title}\n{row.notes}", words),
    )


def snippet(text: str, words: str) -> str:
    """The part of `text` around the first of the words, on one line; its beginning where only the index sees them."""
    stems = [re.escape(word[:_STEM] if len(word) > _STEM else word) for word in search.words_of(words)]
    place = re.search(rf"\b(?:{'|'.join(stems)})", text, re.IGNORECASE) if stems else None
    start = max(0, place.start() - _AROUND) if place else 0
    end = (place.start() if place else 0) + 2 * _AROUND
    inside = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{inside}{'…' if end < len(text) else ''}"
