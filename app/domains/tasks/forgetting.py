"""Forgetting an integration: what came from it goes, what people made of it stays.

A task goes with its items only if the integration made it and nobody set anything on it. Every other one loses the
items and stays. What stays is made due for derivation, so that the loop derives it anew, a batch at a time.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks, one_at_a_time
from app.domains.tasks import renewing, undo
from app.domains.tasks.locking import lock, neighbours
from app.domains.tasks.models import StoredItem, Task, TaskDependency, TaskLabel


async def forget_integration(session: AsyncSession, integration_id: int, *, wholly: bool = False) -> tuple[int, int]:
    """Remove an integration's items, and the tasks that are nothing without them; returns both counts.

    `wholly`, as of a private one: its tasks go also where people set something on them, and those that stay begin anew
    with what they hold of others. Else everybody would see from then on what was seen by few.
    """
    await one_at_a_time(session, "ingest")
    ours = StoredItem.integration_id == integration_id
    brought = select(StoredItem.task_id).where(ours, StoredItem.task_id.is_not(None))
    concerned = select(Task.id).where(or_(Task.id.in_(brought), Task.integration_id == integration_id))
    stay = set((await session.execute(concerned)).scalars())
    await lock(session, stay)
    theirs = concerned.where(_holds_nothing_of_others(integration_id), Task.integration_id == integration_id)
    alone = theirs if wholly else theirs.where(Task.id.in_(brought), *_nobody_set_anything())
    go = set((await session.execute(alone)).scalars())
    stay = (stay | await neighbours(session, go)) - go

    items = (await session.execute(select(func.count()).select_from(StoredItem).where(ours))).scalar_one()
    await undo.forget(session, go)
    for some in chunks(go):
        await session.execute(delete(Task).where(Task.id.in_(some)))
    emptied = [i for i in (await session.execute(brought.distinct())).scalars() if i is not None]
    await session.execute(delete(StoredItem).where(ours))
    await _without_conversation(session, emptied)
    await _update(session, stay, {"derived_with": ""})
    if wholly:
        await _update(session, stay, {"reasons": []})
        await renewing.begin_anew(session, emptied, integration_id)
    return items, len(go)


def _holds_nothing_of_others(integration_id: int) -> Any:
    elsewhere = (StoredItem.integration_id != integration_id, StoredItem.task_id.is_not(None))
    return Task.id.not_in(select(StoredItem.task_id).where(*elsewhere))


def _nobody_set_anything() -> Iterable[Any]:
    return (
        func.json_array_length(Task.person_set) == 0,
        Task.id.not_in(select(TaskLabel.task_id)),
        Task.id.not_in(select(TaskDependency.task_id)),
    )


async def _without_conversation(session: AsyncSession, task_ids: Collection[int]) -> None:
    """Their items changed, and those without any left have nothing of a conversation any more."""
    await _update(session, task_ids, {"version": Task.version + 1})
    nothing: dict[str, Any] = {"turn": None, "since": None, "last_item_at": None, "people": [], "sender": ""}
    empty = Task.id.not_in(select(StoredItem.task_id).where(StoredItem.task_id.is_not(None)))
    await _update(session, task_ids, {**nothing, "opened_at": Task.created_at}, empty)


async def _update(session: AsyncSession, task_ids: Collection[int], values: dict[str, Any], *where: Any) -> None:
    for some in chunks(task_ids):
        await session.execute(update(Task).where(Task.id.in_(some), *where).values(values))
