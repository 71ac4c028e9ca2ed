"""What came into the queue and what left it, hour by hour or minute by minute, read from tasks and their history.

A task is in the queue while it is open and not deleted. What is made and set aside in the same moment, as an import
does with newsletters, never was. A deletion that was taken back, which is possible for minutes, counts as none.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.tasks.models import Task, TaskEvent
from app.domains.tasks.schemas import Status

_BEFORE = TaskEvent.changes[("status", 0)].as_string()
_AFTER = TaskEvent.changes[("status", 1)].as_string()
_OPEN = "open"


@dataclass(slots=True)
class Flow:
    """How many tasks came and left since some moment, by the hour or minute in which they did, in UTC."""

    came: Counter[datetime] = field(default_factory=Counter)
    left: Counter[datetime] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """Cuts a moment to its hour or minute, in SQL. SQLite stores moments as text."""

    sqlite: bool
    by_hour: bool

    def __call__(self, column: Any) -> ColumnElement[Any]:
        if self.sqlite:
            return func.substr(column, 1, len("2026-03-02 09" if self.by_hour else "2026-03-02 09:00"))
        return func.date_trunc("hour" if self.by_hour else "minute", column, "UTC")  # else in the session's zone


async def since(session: AsyncSession, start: datetime, *, by_hour: bool) -> Flow:
    """What happened from `start` on to the tasks that whoever acts may see. Costs what happened, not what is there.

    By the minute it can be told for every zone, and `by_hour` sooner for those whose days begin at a full hour in UTC.
    """
    cut = _Cut(sqlite=(await session.connection()).dialect.name == "sqlite", by_hour=by_hour)
    flow = Flow()
    await _add_changes(session, flow, start, cut)
    deleted = and_(Task.status == _OPEN, Task.deleted_at >= start)
    _add(flow.left, await _minutes(session, _tasks(cut, Task.deleted_at, deleted)))
    made = and_(Task.status == _OPEN, Task.created_at >= start)
    _add(flow.came, await _minutes(session, _tasks(cut, Task.created_at, made)))
    await _correct_made(session, flow, start, cut)
    return flow


async def open_now(session: AsyncSession) -> int:
    """How many tasks are in the queue."""
    query = select(func.count()).select_from(Task).where(Task.status == _OPEN, Task.deleted_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def first_known(session: AsyncSession) -> datetime | None:
    """Since when anything is known: when the first of the tasks that are there was made."""
    # Of each status by itself: there is an index of both.
    firsts = [select(func.min(Task.created_at).label("at")).where(Task.status == each) for each in get_args(Status)]
    found = await session.execute(union_all(*firsts))
    return min((row.at for row in found if row.at is not None), default=None)


async def _correct_made(session: AsyncSession, flow: Flow, start: datetime, cut: _Cut) -> None:
    """Tasks made since then were counted by what they are now: of those that changed since, what they were counts."""
    changed = select(func.min(TaskEvent.id)).join(Task, Task.id == TaskEvent.task_id)
    changed = changed.where(TaskEvent.at >= start, _BEFORE.is_not(None))
    changed = changed.where(TaskEvent.at > Task.created_at, Task.created_at >= start).group_by(TaskEvent.task_id)
    minute = cut(Task.created_at)
    columns = (minute, Task.status == _OPEN, _BEFORE == _OPEN)
    query = select(*columns, func.count()).select_from(TaskEvent).join(Task, Task.id == TaskEvent.task_id)
    query = query.where(TaskEvent.id.in_(changed), or_(Task.status == _OPEN, _BEFORE == _OPEN)).group_by(*columns)
    for at, is_open, was_open, tasks in (await session.execute(query)).all():
        flow.came[_moment(at)] += (bool(was_open) - bool(is_open)) * tasks


async def _add_changes(session: AsyncSession, flow: Flow, start: datetime, cut: _Cut) -> None:
    minute, opened = cut(TaskEvent.at), (_AFTER == _OPEN).label("opened")
    query = select(minute, opened, func.count()).select_from(TaskEvent).join(Task, Task.id == TaskEvent.task_id)
    query = query.where(TaskEvent.at >= start, _BEFORE.is_not(None), (_BEFORE == _OPEN) != (_AFTER == _OPEN))
    # What was told in the moment in which a task was made is part of its making.
    query = query.where(TaskEvent.at > Task.created_at).group_by(minute, opened)
    for at, came, tasks in (await session.execute(query)).all():
        (flow.came if came else flow.left)[_moment(at)] += tasks


def _tasks(cut: _Cut, column: Any, where: ColumnElement[bool]) -> Select[Any]:
    minute = cut(column)
    return select(minute, func.count()).select_from(Task).where(where).group_by(minute)


async def _minutes(session: AsyncSession, query: Select[Any]) -> Iterable[tuple[Any, int]]:
    return [(at, tasks) for at, tasks in (await session.execute(query)).all()]


def _add(counted: Counter[datetime], minutes: Iterable[tuple[Any, int]]) -> None:
    for at, tasks in minutes:
        counted[_moment(at)] += tasks


def _moment(minute: Any) -> datetime:
    moment: datetime = datetime.fromisoformat(minute) if isinstance(minute, str) else minute
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
