"""What the clock alone changes: scores whose validity ended, snoozes that are over, tasks judged by an old policy or
ranked by an old ruleset.

Only what is due is touched, found by index; the cost does not grow with the number of open tasks.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.database import Database
from app.domains import connections
from app.domains.tasks import derivation, locking, scoring
from app.domains.tasks.models import Task, TaskEvent
from app.domains.tasks.policy import Policy
from app.workflows import reranking
from app.workflows.defects import DATABASE_AWAY, DEFECTS
from app.workflows.moving import Moves

_log = log.get(__name__)

POISONED_FOR = timedelta(hours=1)
"""A task that can't be woken, derived or scored is tried again after this long, so that it never stops the others."""
PUT_OFF = "put off"
"""Stands in `derived_with` of a task that can't be derived; its `valid_until` says when that is tried again."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many tasks one round touched."""

    rescored: int = 0
    woken: int = 0
    derived: int = 0
    reranked: int = 0
    """By a ruleset that became active since."""

    @property
    def total(self) -> int:
        return self.rescored + self.woken + self.derived + self.reranked


async def do_what_is_due(
    database: Database, policy: Policy, *, now: datetime, batch: int = 500, moves: Moves | None = None
) -> Done:
    """One round, at most `batch` tasks of each sort. Call it again while `total` is not 0, with the same `moves`, which
    tells those who watch."""
    of = _Round(database, policy, now, moves or Moves())
    woken = await _batch(of, _WAKE, batch)
    derived = await _batch(of, _DERIVE, batch)
    reranked = await reranking.rerank(database, policy.ruleset, now=now, moves=of.moves)
    rescored = await _batch(of, _RESCORE, batch)
    done = Done(rescored, woken, derived, reranked)
    await of.moves.rest(database, now, over=moves is None or not done.total)
    return done


@dataclass(frozen=True, slots=True)
class _Round:
    """What holds for all tasks of one round."""

    database: Database
    policy: Policy
    now: datetime
    moves: Moves


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of work: which tasks are due, what is done with them, and what puts off one that can't be helped."""

    name: str
    due: Callable[[_Round], Any]
    order: Sequence[Any]
    work: Callable[[AsyncSession, Sequence[int], _Round], Awaitable[None]]
    put_off: Callable[[datetime], dict[str, Any]]
    spreads: bool = True
    """Whether other tasks change with them: those that wait for them, or that they wait for."""


async def _batch(of: _Round, sort: _Sort, batch: int) -> int:
    """In a transaction of its own, so that a defect met here keeps nothing else from being done."""
    async with of.database.reading() as session:  # is it worth the lock of a writing transaction?
        if not (await session.execute(select(Task.id).where(sort.due(of)).limit(1))).first():
            return 0
    ids: list[int] = []
    try:
        async with of.database.writing() as session:
            query = select(Task.id).where(sort.due(of)).order_by(*sort.order).limit(batch)
            ids += await _locked(session, query, of, sort)
            await sort.work(session, ids, of)
            await of.moves.moved(session, ids, of.now)
    except DATABASE_AWAY:
        raise
    except DEFECTS:  # one task must never stop all others: each gets its own transaction
        for task_id in ids:
            await _single(of, sort, task_id)
    return len(ids)


async def _locked(session: AsyncSession, query: Select[int], of: _Round, sort: _Sort) -> Sequence[int]:
    """Lock tasks that are due. What somebody else works on, they judge too."""
    if not sort.spreads:
        return (await session.execute(query.with_for_update(skip_locked=True))).scalars().all()
    # All that may change with them is locked in the order of everybody: else two could wait for each other.
    found = (await session.execute(query)).scalars().all()
    await locking.lock(session, found)
    return (await session.execute(select(Task.id).where(Task.id.in_(found), sort.due(of)))).scalars().all()


async def _single(of: _Round, sort: _Sort, task_id: int) -> None:
    """Do one task, or put it off."""
    try:
        async with of.database.writing() as session:
            ids = await _locked(session, select(Task.id).where(Task.id == task_id, sort.due(of)), of, sort)
            await sort.work(session, ids, of)
            await of.moves.moved(session, ids, of.now)
    except DATABASE_AWAY:
        raise
    except DEFECTS:
        _log.exception("a task was put off", job=sort.name, task=task_id)
        async with of.database.writing() as session:
            values = sort.put_off(of.now + POISONED_FOR)
            await session.execute(update(Task).where(Task.id == task_id, sort.due(of)).values(values))


def _over(of: _Round) -> Any:
    return scoring.run_out(of.now)


def _rested(of: _Round) -> Any:
    return and_(Task.snoozed_until <= of.now, Task.status == "snoozed", Task.deleted_at.is_(None))


def _outdated(of: _Round) -> Any:
    # Two ranges instead of an inequality: an index finds what is below and above, but not what is unequal.
    other = (Task.derived_with < of.policy.fingerprint) | (Task.derived_with > of.policy.fingerprint)
    again = (Task.derived_with != PUT_OFF) | (Task.valid_until <= of.now) | Task.valid_until.is_(None)
    return and_(other, again, Task.deleted_at.is_(None))


async def _wake(session: AsyncSession, ids: Sequence[int], of: _Round) -> None:
    if not ids:
        return
    await session.execute(update(Task).where(Task.id.in_(ids)).values(status="open", snoozed_until=None))
    changes = {"status": ["snoozed", "open"]}
    lines = [derivation.event(i, of.now, "clock", "woke", "The snooze is over.", changes) for i in ids]
    await session.execute(insert(TaskEvent), lines)
    names = await connections.service.names(session)
    await derivation.refresh(session, ids, of.policy, now=of.now, integrations=names, actor="clock")


async def _derive_again(session: AsyncSession, ids: Sequence[int], of: _Round) -> None:
    names = await connections.service.names(session)
    await derivation.refresh(session, ids, of.policy, now=of.now, integrations=names, actor="clock", grow_version=False)


async def _rescore(session: AsyncSession, ids: Sequence[int], of: _Round) -> None:
    done = await scoring.rescore(session, ids, of.policy.ruleset, now=of.now)
    await _put_off(session, done.failed, now=of.now)


async def _put_off(session: AsyncSession, task_ids: set[int], *, now: datetime) -> None:
    if task_ids:
        again_at = now + POISONED_FOR
        await session.execute(update(Task).where(Task.id.in_(task_ids)).values(valid_until=again_at))


_WAKE = _Sort("wake", _rested, (Task.snoozed_until,), _wake, lambda again_at: {"snoozed_until": again_at})
_DERIVE = _Sort(
    "derive", _outdated, (), _derive_again, lambda again_at: {"derived_with": PUT_OFF, "valid_until": again_at}
)
_RESCORE = _Sort("rescore", _over, (Task.valid_until,), _rescore, lambda again_at: {"valid_until": again_at}, False)
