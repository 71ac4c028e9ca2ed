"""Statuses as they were, read from the history of tasks."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import streamed
from app.domains.tasks.models import Task, TaskEvent


async def before(session: AsyncSession, at: datetime) -> dict[int, str]:
    """The status at `at` of each task that was here then and whose status has changed since; the others have theirs
    still."""
    query = select(TaskEvent.task_id, TaskEvent.changes).join(Task, Task.id == TaskEvent.task_id)
    query = query.where(TaskEvent.at > at, Task.created_at <= at).order_by(TaskEvent.id)
    found: dict[int, str] = {}
    async with streamed(session, query, at_once=1_000) as rows:
        async for row in rows:
            if "status" in row.changes:
                found.setdefault(row.task_id, row.changes["status"][0])
    return found
