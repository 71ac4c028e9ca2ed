"""The queue: open tasks in rank order, filtered, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core import paging, seeing
from app.core.errors import FieldError, Invalid
from app.core.rows import AnyRow
from app.domains.tasks import search
from app.domains.tasks.belongings import labels_of
from app.domains.tasks.filters import Filters, conditions
from app.domains.tasks.models import Task

COLUMNS = (
    Task.id,
    Task.title,
    Task.status,
    Task.status_reason,
    Task.turn,
    Task.since,
    Task.snoozed_until,
    Task.due_at,
    Task.assignee,
    Task.notes,
    Task.priority,
    Task.project,
    Task.scheduled_at,
    Task.started_at,
    Task.integration_id,
    Task.kind,
    Task.sender,
    Task.external_id,
    Task.url,
    Task.opened_at,
    Task.last_item_at,
    Task.created_at,
    Task.updated_at,
    Task.version,
    Task.tier,
    Task.points_milli,
    Task.score_milli,
    Task.band,
    Task.reasons,
    Task.valid_until,
    Task.score_revision,
    Task.stale,
    Task.rank_tier,
    Task.rank_points,
    Task.rank_due,
)
"""What a list shows of a task."""

_RANK: tuple[InstrumentedAttribute[Any], ...] = (
    Task.rank_tier,
    Task.rank_points,
    Task.rank_due,
    Task.opened_at,
    Task.id,
)
_SORTS: dict[str, tuple[tuple[InstrumentedAttribute[Any], ...], bool]] = {
    "rank": (_RANK, False),
    "due_at": ((Task.rank_due, Task.rank_tier, Task.rank_points, Task.id), False),
    "created_at": ((Task.created_at, Task.id), False),
    "-created_at": ((Task.created_at, Task.id), True),
    "updated_at": ((Task.updated_at, Task.id), False),
    "-updated_at": ((Task.updated_at, Task.id), True),
}
"""Name to columns and whether all of them descend. All columns are never NULL and end with the id: total orders."""
SORTS = tuple(_SORTS)
_INDEXED = frozenset({"rank", "due_at", "created_at", "-created_at"})
"""Orders that an index has, of one status."""


@dataclass(slots=True)
class Page:
    rows: Sequence[AnyRow]
    next_cursor: str | None
    labels: dict[int, list[str]] = field(default_factory=dict)
    total: int | None = None


async def page(
    session: AsyncSession,
    filters: Filters,
    *,
    sqlite: bool,
    sort: str = "rank",
    limit: int = 50,
    cursor: str | None = None,
    count: bool = False,
) -> Page:
    """At most `limit` tasks after `cursor`. Raises Invalid for a cursor or sort that doesn't fit."""
    if sort not in _SORTS:
        raise Invalid(
            f"The queue can't be sorted by {sort}.", errors=[FieldError("query.sort", f"one of {', '.join(SORTS)}")]
        )
    columns, descending = _SORTS[sort]
    name = f"{sort} {filters.name}"
    query = select(*COLUMNS).where(*await _where_of_page(session, filters, sort=sort, sqlite=sqlite))
    if cursor is not None:
        key = paging.decode_key(cursor, name, [column.type.python_type for column in columns])
        query = query.where(_after(columns, key, descending=descending))
    query = query.order_by(*(c.desc() if descending else c for c in columns)).limit(limit + 1)
    if filters.searches:
        await search.look_up(session, sqlite=sqlite)
    rows = (await session.execute(query)).all()
    shown = rows[:limit]
    more = len(rows) > limit
    result = Page(shown, paging.encode(name, _key(shown[-1], columns)) if more else None)
    result.labels = await labels_of(session, [row.id for row in shown])
    if count:
        counted = select(func.count()).select_from(Task).where(*_where(filters, sqlite=sqlite))
        result.total = (await session.execute(counted)).scalar_one()
    return result


def _where(filters: Filters, *, sqlite: bool) -> list[ColumnElement[bool]]:
    """The filters as SQL that begins with what words find. Without statistics, which it has not, SQLite begins with any
    index that one of the others names, and looks each of those tasks up among what was found: so it does not see them.
    """
    if not (sqlite and filters.searches and filters.q is not None):
        return conditions(filters, sqlite=sqlite)
    others = and_(*conditions(replace(filters, q=None), sqlite=True))
    return [search.matching(filters.q, sqlite=True), func.coalesce(others, false())]


async def _where_of_page(
    session: AsyncSession, filters: Filters, *, sort: str, sqlite: bool
) -> list[ColumnElement[bool]]:
    """The same for one page: of words that many tasks hold, enough are met soon on the way along an index that has the
    order; all that hold them would have to be read before they could be sorted."""
    on_the_way = sqlite and filters.q is not None and sort in _INDEXED and len(filters.status) == 1
    if on_the_way and filters.q is not None and await search.are_common(session, filters.q):
        return [*conditions(replace(filters, q=None), sqlite=True), search.along(filters.q)]
    return _where(filters, sqlite=sqlite)


def _key(row: AnyRow, columns: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    values = (getattr(row, column.key) for column in columns)
    return [value.isoformat() if isinstance(value, datetime) else value for value in values]


def _after(
    columns: Sequence[InstrumentedAttribute[Any]], key: Sequence[Any], *, descending: bool
) -> ColumnElement[bool]:
    here, there = tuple_(*columns), tuple_(*key)
    return here < there if descending else here > there


async def ids_matching(session: AsyncSession, filters: Filters, *, sqlite: bool, most: int) -> list[int]:
    """Ids for a bulk action, in rank order; one more than `most` tells the caller that it is too many."""
    query = select(Task.id).where(*_where(filters, sqlite=sqlite)).order_by(*_RANK).limit(most + 1)
    with seeing.restricted(session):
        return list((await session.execute(query)).scalars())


async def next_to_claim(session: AsyncSession) -> int | None:
    """The first open task that is nobody's and not waiting for the other side, locked against other claims."""
    query = (
        select(Task.id)
        .where(
            Task.deleted_at.is_(None),
            Task.status == "open",
            Task.assignee.is_(None),
            Task.tier != "held",
            or_(Task.turn.is_(None), Task.turn == "ours"),
        )
        .order_by(*_RANK)
        .limit(1)
        # Two people claiming at once must not get the same task, nor wait for each other.
        .with_for_update(skip_locked=True)
    )
    with seeing.restricted(session):
        return (await session.execute(query)).scalar_one_or_none()


async def newest_item_at(session: AsyncSession) -> datetime | None:
    """When the newest message of the open tasks was sent."""
    query = select(func.max(Task.last_item_at)).where(Task.status == "open", Task.deleted_at.is_(None))
    return (await session.execute(query)).scalar_one()


async def statuses(session: AsyncSession) -> dict[str, int]:
    """How many tasks there are of which status."""
    query = select(Task.status, func.count().label("tasks")).where(Task.deleted_at.is_(None)).group_by(Task.status)
    return {row.status: row.tasks for row in await session.execute(query)}


async def place(session: AsyncSession, task: Task) -> int | None:
    """A task's place in the queue, from 1; None where it is not open. As it is stored: the clock may be a minute ahead.

    Costs what stands above it: some milliseconds for ten thousand tasks.
    """
    if task.status != "open" or task.deleted_at is not None:
        return None
    key = [getattr(task, column.key) for column in _RANK]
    above = select(func.count()).where(Task.status == "open", Task.deleted_at.is_(None), tuple_(*_RANK) < tuple_(*key))
    return (await session.execute(above)).scalar_one() + 1


async def beside(session: AsyncSession, task: Task) -> list[int]:
    """The ids of the tasks right below and right above an open one in the queue, where there are any."""
    if task.status != "open" or task.deleted_at is not None:
        return []
    here, key = tuple_(*_RANK), tuple_(*(getattr(task, column.key) for column in _RANK))
    open_tasks = select(Task.id).where(Task.status == "open", Task.deleted_at.is_(None)).limit(1)
    below = open_tasks.where(here > key).order_by(*_RANK)
    above = open_tasks.where(here < key).order_by(*(column.desc() for column in _RANK))
    found = [(await session.execute(query)).scalar_one_or_none() for query in (below, above)]
    return [each for each in found if each is not None]
