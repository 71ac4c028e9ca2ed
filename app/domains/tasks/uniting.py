"""Joining two tasks that a message showed to be one conversation.

Nothing that a person set on either gets lost: what only one of them has stays, labels and dependencies come together,
notes follow each other, and of two statuses the one with more left to do holds.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.tasks import derivation, dismissals
from app.domains.tasks.belongings import labels_of, set_labels, waits_for
from app.domains.tasks.locking import neighbours
from app.domains.tasks.models import ConversationKey, StoredItem, Task, TaskDependency, TaskEvent
from app.domains.tasks.rules import PERSONAL

_MOST_TO_DO_FIRST = ("open", "snoozed", "done", "declined", "not_for_us")


async def unite(session: AsyncSession, source: int, target: int, *, now: datetime) -> set[int]:
    """Move everything of `source` into `target`; `source` becomes a tombstone that points there.

    Returns the tasks that wait for either or that either waits for: they stand differently now. The caller locked all
    of them, and the dependencies.
    """
    around = await neighbours(session, [source, target]) - {source, target}
    query = select(Task.__table__).where(Task.id.in_([source, target]))
    rows = {row.id: row for row in await session.execute(query)}
    await session.execute(update(StoredItem).where(StoredItem.task_id == source).values(task_id=target))
    await session.execute(update(ConversationKey).where(ConversationKey.task_id == source).values(task_id=target))
    await dismissals.inherit(session, source, target, now=now)
    dropped = await _unite_dependencies(session, source, target)
    labels = await labels_of(session, [source, target])
    if source in labels:
        await set_labels(session, {target: sorted({*labels[source], *labels.get(target, [])})})
    values = what_people_set(rows[source], rows[target])
    await session.execute(update(Task).where(Task.id == target).values(values))
    version = rows[source].version + 1
    tombstone = {"deleted_at": now, "merged_into": target, "updated_at": now, "version": version}
    await session.execute(update(Task).where(Task.id == source).values(tombstone))
    told = {
        target: f"Joined with task {source}: a message showed that they are one conversation.",
        source: f"Joined into task {target}: a message showed that they are one conversation.",
    }
    turned = {"status": [rows[target].status, values["status"]]} if "status" in values else {}
    changes = {source: {"merged": [source, target]}, target: {"merged": [source, target], **turned}}
    lines = [derivation.event(i, now, "import", "joined", detail, changes[i]) for i, detail in told.items()]
    lines += [
        derivation.event(
            i, now, "import", "joined", f"Waits for task {needed} no longer: each waited for the other.", {}
        )
        for i, needed in dropped
    ]
    await session.execute(insert(TaskEvent), lines)
    return around


def what_people_set(source: AnyRow | Task, target: AnyRow | Task) -> Mapping[str, Any]:
    """The columns of `target` as they are once `source` is part of it."""
    values: dict[str, Any] = {}
    for name in source.person_set:
        if name in PERSONAL and name not in target.person_set:
            values[name] = getattr(source, name)
    notes = [task.notes.strip() for task in (target, source) if task.notes.strip()]
    values["notes"] = "\n\n".join(dict.fromkeys(notes))
    alive = min((source, target), key=lambda task: _MOST_TO_DO_FIRST.index(task.status))
    if alive.status != target.status:
        values |= {name: getattr(alive, name) for name in ("status", "status_reason", "snoozed_until")}
    elif alive.status == "snoozed":
        values["snoozed_until"] = min(at for at in (source.snoozed_until, target.snoozed_until) if at)
    values["person_set"] = sorted({*target.person_set, *source.person_set})
    return values


async def _unite_dependencies(session: AsyncSession, source: int, target: int) -> list[tuple[int, int]]:
    """Returns those that had to be dropped, as they would have closed a circle: nobody is there to decide."""
    query = select(TaskDependency.task_id, TaskDependency.depends_on).where(
        TaskDependency.task_id.in_([source, target]) | TaskDependency.depends_on.in_([source, target])
    )
    stored = {(row.task_id, row.depends_on) for row in await session.execute(query)}
    if not any(source in pair for pair in stored):
        return []
    moved = {(target if a == source else a, target if b == source else b) for a, b in stored if source in (a, b)}
    await session.execute(
        delete(TaskDependency).where((TaskDependency.task_id == source) | (TaskDependency.depends_on == source))
    )
    dropped = []
    for a, b in sorted(moved - stored):
        if a == b:
            continue
        if await waits_for(session, b, a):
            dropped.append((a, b))
        else:
            await session.execute(insert(TaskDependency), [{"task_id": a, "depends_on": b}])
    return dropped
