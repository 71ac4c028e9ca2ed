"""Everything a task is derived from besides its own row: its items, labels and dependencies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.core.rows import AnyRow, streamed
from app.domains.tasks.belongings import labels_of
from app.domains.tasks.conversation import Conversation, Message
from app.domains.tasks.facts import Owned
from app.domains.tasks.models import StoredItem, Task, TaskDependency
from app.domains.tasks.reading import message_of
from app.domains.tasks.work import TAKEN_OVER, columns_of

_NEEDED = cast(Table, Task.__table__).alias("other")
"""Made once: a new alias of so many columns costs as much as the query."""

ACTIVE = ("open", "snoozed")
"""Statuses of tasks that are still to be done."""

_ITEM = (
    StoredItem.id,
    StoredItem.task_id,
    StoredItem.external_id,
    StoredItem.sent_at,
    StoredItem.utc_offset_minutes,
    StoredItem.sender_name,
    StoredItem.sender_address,
    StoredItem.recipients,
    StoredItem.copied,
    StoredItem.bare_subject,
    func.substr(StoredItem.text, 1, 300).label("opening"),
    func.length(StoredItem.text).label("length"),
    StoredItem.attachments,
    StoredItem.keys,
    StoredItem.labels,
    StoredItem.unread,
    StoredItem.starred,
    StoredItem.important,
    StoredItem.list_id,
    StoredItem.outgoing,
    StoredItem.automation_category,
    StoredItem.automation_reason,
    StoredItem.revised_at,
    StoredItem.work,
    StoredItem.reading,
)


# Built once: they are part of whatever anybody does with a task.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_ITEMS = select(*_ITEM).where(StoredItem.task_id.in_(_IDS)).order_by(StoredItem.id)
_DEPENDENCIES = (
    select(TaskDependency.task_id, TaskDependency.depends_on, Task.status, _NEEDED.c.status)
    .join(Task, Task.id == TaskDependency.task_id)
    .join(_NEEDED, _NEEDED.c.id == TaskDependency.depends_on)
    .where(
        or_(TaskDependency.task_id.in_(_IDS), TaskDependency.depends_on.in_(_IDS)),
        Task.deleted_at.is_(None),
        _NEEDED.c.deleted_at.is_(None),
    )
)
_NEIGHBOURS = (
    select(TaskDependency.task_id)
    .where(TaskDependency.depends_on.in_(_IDS))
    .union(select(TaskDependency.depends_on).where(TaskDependency.task_id.in_(_IDS)))
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a task is derived from besides its own row."""

    messages: Mapping[int, list[Message]]
    labels: Mapping[int, list[str]]
    needs: Mapping[int, list[int]]
    """The tasks to be done that each one waits for."""
    blocks: Mapping[int, list[int]]
    """The tasks to be done that wait for each one."""


def owned_by(row: AnyRow | Task, sources: Sources, conversation: Conversation) -> Owned:
    """What people set on the task, and where they set nothing what the row at its source says."""
    person_set = set(row.person_set)
    values = {name: getattr(row, name) for name in TAKEN_OVER}
    said = columns_of(conversation.work) if conversation.work else {}
    values |= {name: value for name, value in said.items() if name not in person_set}
    return Owned(
        title=row.title if "title" in person_set else None,
        due_at=row.due_at if "due_at" in person_set else None,
        due_is_set="due_at" in person_set,
        labels=tuple(sources.labels.get(row.id, ())),
        notes=row.notes,
        needs=tuple(sorted(sources.needs.get(row.id, ()))),
        blocks=tuple(sorted(sources.blocks.get(row.id, ()))),
        from_source=frozenset({*said, "labels"} - person_set) if conversation.work else frozenset(),
        **values,
    )


async def sources_of(
    session: AsyncSession, task_ids: Sequence[int], aliases: Mapping[str, str] | None = None
) -> Sources:
    """`aliases`, as Policy has them: people who have several addresses take part under one."""
    messages: dict[int, list[Message]] = {}
    query = _ITEMS.params(ids=list(task_ids))
    with seeing.unrestricted(session):  # of a task everything counts, also what it waits for
        # Some at a time: the rows of a conversation of thousands would take twice the memory of its messages.
        async with streamed(session, query, at_once=200) as rows:
            async for row in rows:
                messages.setdefault(row.task_id, []).append(message_of(row, aliases or {}))
        labels = await labels_of(session, task_ids)
        needs, blocks = await _dependencies(session, task_ids)
    return Sources(messages, labels, needs, blocks)


async def _dependencies(
    session: AsyncSession, task_ids: Sequence[int]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Which active tasks each one waits for, and which active tasks wait for it."""
    needs: dict[int, list[int]] = {}
    blocks: dict[int, list[int]] = {}
    found = await session.execute(_DEPENDENCIES, {"ids": list(task_ids)})
    for waiting_id, needed_id, waiting_status, needed_status in found:
        if waiting_status in ACTIVE and needed_status in ACTIVE:
            needs.setdefault(waiting_id, []).append(needed_id)
            blocks.setdefault(needed_id, []).append(waiting_id)
    return needs, blocks


def neighbours_query(task_ids: Iterable[int]) -> Any:
    """Ids of the tasks that depend on `task_ids` or that they depend on."""
    return _NEIGHBOURS.params(ids=list(task_ids))
