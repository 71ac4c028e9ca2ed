"""Tasks that were a private integration's, and hold something of others: once that is deleted they begin anew with it.

What people had set, and what had happened, was for those few to see who saw the integration.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.tasks import pasts
from app.domains.tasks.belongings import set_labels
from app.domains.tasks.models import StoredItem, Task, TaskEvent
from app.domains.tasks.rules import PERSONAL

_BLANK: dict[str, Any] = {
    **dict.fromkeys(set(PERSONAL) - {"title", "notes"}, None),
    "notes": "",
    "person_set": [],
    "status_reason": None,
    "url": None,
    "external_id": None,
}


async def begin_anew(session: AsyncSession, task_ids: Collection[int], integration_id: int) -> None:
    """To be called once the integration's items are gone. Of a task that others made, only what happened goes."""
    await pasts.forget(session, task_ids)
    theirs: list[int] = []
    for some in chunks(task_ids):
        await session.execute(delete(TaskEvent).where(TaskEvent.task_id.in_(some)))
        query = select(Task.id).where(Task.id.in_(some), Task.integration_id == integration_id)
        theirs += (await session.execute(query)).scalars()
    await set_labels(session, {task_id: [] for task_id in theirs})
    for task_id in theirs:
        columns = (StoredItem.integration_id, StoredItem.bare_subject)
        first = select(*columns).where(StoredItem.task_id == task_id).order_by(StoredItem.sent_at, StoredItem.id)
        row = (await session.execute(first.limit(1))).one_or_none()
        place = {"integration_id": row.integration_id, "title": row.bare_subject} if row else {"title": ""}
        await session.execute(update(Task).where(Task.id == task_id).values(**_BLANK, **place))
