"""The tasks that another is compared with: those that stand highest now, and those whose deadlines come soon."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Conflict
from app.core.rows import AnyRow
from app.domains.ranking import Ruleset
from app.domains.ranking.explanation import TIER_ORDER, OrderKey, Score, Standing, Tail, order_tail
from app.domains.tasks import networks
from app.domains.tasks.models import NO_DUE, Task

HIGHEST = 500
"""So many tasks that stand highest are compared with …"""
SOON = 500
"""… and so many more whose deadline lies within the horizon."""

_RANK = (Task.rank_tier, Task.rank_points, Task.rank_due, Task.opened_at, Task.id)
_COLUMNS = (Task.id, Task.title, Task.due_at, Task.opened_at, Task.valid_until, Task.scored_with, *_RANK)
_OPEN = (Task.status == "open", Task.deleted_at.is_(None))


@dataclass(frozen=True, slots=True)
class Competition:
    """One task and those it is compared with."""

    others: dict[int, AnyRow]
    """By id, in the order of the queue as it is stored; those of soon deadlines follow."""
    highest: int
    """How many of them are those that stand highest."""
    open: int
    """How many tasks are open besides it."""


async def competition(
    session: AsyncSession, task: Task, *, soon: tuple[datetime, datetime] | None = None
) -> Competition:
    """`soon` are the bounds of the deadlines that count as well."""
    query = select(*_COLUMNS).where(*_OPEN, Task.id != task.id)
    others = {row.id: row for row in await session.execute(query.order_by(*_RANK).limit(HIGHEST))}
    highest = len(others)
    if soon is not None:
        first, last = (int(each.timestamp()) for each in soon)
        dated = query.where(Task.rank_due >= first, Task.rank_due <= min(last, NO_DUE - 1))
        rows = (await session.execute(dated.order_by(Task.rank_due).limit(HIGHEST + SOON))).all()
        fresh = [row for row in rows if row.id not in others][:SOON]
        others |= {row.id: row for row in fresh}
    count = select(func.count()).select_from(Task).where(*_OPEN, Task.id != task.id)
    return Competition(others, highest, (await session.execute(count)).scalar_one())


async def keys(
    session: AsyncSession, rows: Collection[AnyRow | Task], ruleset: Ruleset, now: datetime
) -> dict[int, OrderKey]:
    """The order keys of tasks at `now`: as they are stored where that still holds, else scored again."""
    passed = [row.id for row in rows if not _holds(row, ruleset, now)]
    network = await networks.network_of(session, passed, ruleset) if passed else None
    found: dict[int, OrderKey] = {}
    for row in rows:
        if _holds(row, ruleset, now) or network is None:
            found[row.id] = (row.rank_tier, row.rank_points, *tail_of(row))
        else:
            found[row.id] = key_of(network.standing(row.id, now), row)
    return found


def key_of(of: Score | Standing, row: AnyRow | Task) -> OrderKey:
    """The order key of a score of a task."""
    return (TIER_ORDER[of.tier], -of.milli, *tail_of(row))


def tail_of(row: AnyRow | Task) -> Tail:
    """What decides where tier and points are the same. A due date counts to the second, as in the queue."""
    due = row.due_at.replace(microsecond=0) if row.due_at else None
    return order_tail(due, row.opened_at, row.id)


def _holds(row: AnyRow | Task, ruleset: Ruleset, now: datetime) -> bool:
    return row.scored_with == ruleset.stamp and (row.valid_until is None or row.valid_until > now)


def horizon(now: datetime, hours: int) -> tuple[datetime, datetime]:
    """The end of a forecast, and the last deadline that may matter until then."""
    until = now + timedelta(hours=hours)
    return until, until + timedelta(days=1)


def require_open(task: Task) -> None:
    """Raises Conflict for a task that has no place in the queue."""
    if task.status != "open":
        state = task.status.replace("_", " ")
        raise Conflict(
            f"Task {task.id} is {state}: only an open task has a place in the queue.", status_now=task.status
        )
