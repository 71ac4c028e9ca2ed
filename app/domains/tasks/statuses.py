"""Statuses as they were, read from the history of tasks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from app.core.clock import end_of_second
from app.domains.tasks.models import Task, TaskEvent

_BEFORE = TaskEvent.changes[("status", 0)].as_string()


def open_at(query: Select[Any], at: datetime) -> Select[Any]:
    """Only those of a query over tasks that were open once the second of `at` had passed.

    Told from the first change of status since; who came later counts as what it is now. All of it is the database's
    work: one pass over what happened since, however many tasks were closed by it.
    """
    end = end_of_second(at)
    since = (TaskEvent.at > end, _BEFORE.is_not(None))
    first = select(func.min(TaskEvent.id)).where(*since).group_by(TaskEvent.task_id)
    was = select(TaskEvent.task_id, _BEFORE.label("status")).where(TaskEvent.id.in_(first)).subquery("was")
    query = query.outerjoin(was, and_(was.c.task_id == Task.id, Task.created_at <= end))
    return query.where(func.coalesce(was.c.status, Task.status) == "open")
