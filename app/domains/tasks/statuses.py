"""Statuses as they were, read from the history of tasks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from app.core.clock import end_of_second
from app.domains.tasks.models import Task, TaskEvent

_BEFORE = TaskEvent.changes[("status", 0)].as_string()


def open_at(query: Select[Any], at: datetime) -> Select[Any]:
    """Only those of a query over tasks that were open once the second of `at` had passed.

    Told from the first change of status since; who came later counts as what it is now. All of it is the database's
    work, and bounded: a look into an index for each task, however much was closed since.
    """
    end = end_of_second(at)
    # For each task by itself: joined to all that happened since, a database without statistics compares each with each.
    since = (TaskEvent.task_id == Task.id, TaskEvent.at > end, _BEFORE.is_not(None))
    was = select(_BEFORE).where(*since).order_by(TaskEvent.id).limit(1).correlate(Task).scalar_subquery()
    then = case((Task.created_at > end, Task.status), else_=func.coalesce(was, Task.status))
    return query.where(then == "open")
