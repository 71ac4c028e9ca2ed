"""Lines of a channel and pages of a wiki: which ask for work by themselves, and which a thread claims later.

What is neither is context: stored without a task, to be found and read.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import upsert
from app.domains.reading import Reading
from app.domains.tasks.conversation import ASKS_CLEARLY
from app.domains.tasks.models import ConversationKey, StoredItem, Task
from app.records import Item

_SEVERE = 60
"""From so many points on a line tells of trouble that somebody should look at, whoever is asked."""
_CHAIN = 100
"""So many steps back a claimed line draws those with it that it refers to: a talk of a day."""


def stands_alone(item: Item, words: Reading) -> bool:
    """Whether an item is a task by itself: it is part of a conversation or a row, or asks something of somebody."""
    if not item.loose:
        return True
    # A page of a wiki tells whoever opens it what to do, and asks it of nobody.
    if item.automation is not None or item.subject:
        return False
    said = {fact.fact for fact in words.facts if fact.value is True}
    if "thanks_only" in said:
        return False
    asks = words.asks >= ASKS_CLEARLY or ("question" in said and bool(item.recipients))
    return asks or words.severity >= _SEVERE or not said.isdisjoint({"says_urgent", "escalation"})


def waiting(items: Sequence[tuple[Item, Reading]]) -> set[int]:
    """Which of a page's items, by their places, are context unless some thread claims them."""
    standing = [stands_alone(item, words) for item, words in items]
    answered = {key for (item, _), stands in zip(items, standing, strict=True) if stands for key in item.keys[1:]}
    return {
        place
        for place, ((item, _), stands) in enumerate(zip(items, standing, strict=True))
        if not stands and answered.isdisjoint(item.keys[:1])
    }


async def claim(session: AsyncSession, owners: Mapping[str, int]) -> set[int]:
    """Hang context on the tasks whose conversations refer to it. `owners` maps keys to tasks. Returns those tasks."""
    claimed: set[int] = set()
    seen = set(owners)
    frontier = dict(owners)
    for _ in range(_CHAIN):
        found = await _context(session, frontier)
        if not found:
            break
        following: dict[str, int] = {}
        for stored_id, key, keys, external_id, url in found:
            task_id = frontier[key]
            claimed.add(task_id)
            await session.execute(update(StoredItem).where(StoredItem.id == stored_id).values(task_id=task_id))
            # What a thread begins with is what the task points to.
            source = {"external_id": external_id, "url": url or None}
            await session.execute(update(Task).where(Task.id == task_id).values(source))
            following |= dict.fromkeys((k for k in keys if k not in seen), task_id)
        rows = [{"key": key, "task_id": task_id} for key, task_id in following.items()]
        await upsert(session, ConversationKey, rows, key=("key",), overwrite=False)
        seen |= set(following)
        frontier = following
    return claimed


async def _context(session: AsyncSession, keys: Collection[str]) -> list[tuple[int, str, list[str], str, str]]:
    """Id, key, keys, external id and url of the context that bears one of `keys`."""
    found: list[tuple[int, str, list[str], str, str]] = []
    columns = (StoredItem.id, StoredItem.key, StoredItem.keys, StoredItem.external_id, StoredItem.url)
    for some in chunks(keys):
        query = select(*columns).where(StoredItem.task_id.is_(None), StoredItem.key.in_(some))
        rows = await session.execute(query.order_by(StoredItem.id))
        found += [(row.id, row.key, row.keys, row.external_id, row.url) for row in rows]
    return found
