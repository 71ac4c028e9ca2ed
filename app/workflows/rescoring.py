"""What the clock alone changes: scores whose validity ended, snoozes that are over, tasks judged by an old policy.

Only what is due is touched, found by index; the cost does not grow with the number of open tasks.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.database import Database
from app.core.rows import AnyRow, update_rows
from app.domains import connections, ranking
from app.domains.tasks import derivation
from app.domains.tasks.models import Task, TaskEvent, TaskFacts
from app.domains.tasks.policy import Policy
from app.domains.tasks.sources import ACTIVE

_log = log.get(__name__)

POISONED_FOR = timedelta(hours=1)
"""A task that can't be scored is tried again after this long, so that it never stops the others."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many tasks one round touched."""

    rescored: int = 0
    woken: int = 0
    derived: int = 0

    @property
    def total(self) -> int:
        return self.rescored + self.woken + self.derived


async def do_what_is_due(database: Database, policy: Policy, *, now: datetime, batch: int = 500) -> Done:
    """One round, at most `batch` tasks of each sort. Call it again while `total` is not 0."""
    async with database.reading() as session:
        due = await _any_due(session, policy, now)
    if not due:
        return Done()
    async with database.writing() as session:
        names = await connections.service.names(session)
        woken = await _wake(session, policy, now=now, batch=batch, integrations=names)
        derived = await _derive_again(session, policy, now=now, batch=batch, integrations=names)
        rescored = await _rescore(session, policy, now=now, batch=batch)
    return Done(rescored, woken, derived)


def _over(now: datetime) -> Any:
    return and_(Task.valid_until <= now, Task.status.in_(ACTIVE), Task.deleted_at.is_(None))


def _rested(now: datetime) -> Any:
    return and_(Task.snoozed_until <= now, Task.status == "snoozed", Task.deleted_at.is_(None))


def _outdated(policy: Policy) -> Any:
    # Two ranges instead of an inequality: an index finds what is below and above, but not what is unequal.
    other = (Task.derived_with < policy.fingerprint) | (Task.derived_with > policy.fingerprint)
    return and_(other, Task.deleted_at.is_(None))


async def _any_due(session: AsyncSession, policy: Policy, now: datetime) -> bool:
    """Whether a writing transaction is worth its lock."""
    for condition in (_over(now), _rested(now), _outdated(policy)):
        if (await session.execute(select(Task.id).where(condition).limit(1))).first():
            return True
    return False


async def _wake(
    session: AsyncSession, policy: Policy, *, now: datetime, batch: int, integrations: dict[int, str]
) -> int:
    query = (
        select(Task.id).where(_rested(now)).order_by(Task.snoozed_until).limit(batch).with_for_update(skip_locked=True)
    )
    ids = list((await session.execute(query)).scalars())
    if not ids:
        return 0
    await session.execute(update(Task).where(Task.id.in_(ids)).values(status="open", snoozed_until=None))
    changes = {"status": ["snoozed", "open"]}
    lines = [derivation.event(i, now, "clock", "woke", "The snooze is over.", changes) for i in ids]
    await session.execute(insert(TaskEvent), lines)
    await derivation.refresh(session, ids, policy, now=now, integrations=integrations, actor="clock")
    return len(ids)


async def _derive_again(
    session: AsyncSession, policy: Policy, *, now: datetime, batch: int, integrations: dict[int, str]
) -> int:
    query = select(Task.id).where(_outdated(policy)).limit(batch).with_for_update(skip_locked=True)
    ids = list((await session.execute(query)).scalars())
    await derivation.refresh(
        session, ids, policy, now=now, integrations=integrations, actor="clock", grow_version=False
    )
    return len(ids)


async def _rescore(session: AsyncSession, policy: Policy, *, now: datetime, batch: int) -> int:
    query = (
        select(Task.id, Task.due_at, Task.score_revision, TaskFacts.facts)
        .join(TaskFacts, TaskFacts.task_id == Task.id)
        .where(_over(now))
        .order_by(Task.valid_until)
        .limit(batch)
        .with_for_update(of=Task, skip_locked=True)  # what somebody else works on, they score too
    )
    rows = (await session.execute(query)).all()
    if not rows:
        return 0
    writes = await asyncio.to_thread(_scores, rows, policy, now)
    await _put_off(session, {row.id for row in rows} - {write["id"] for write in writes}, now=now)
    # Compare-and-set: a score that a person's action renewed meanwhile is newer than ours.
    await update_rows(session, Task, writes, unless_changed="score_revision")
    return len(rows)


def _scores(rows: Sequence[AnyRow], policy: Policy, now: datetime) -> list[dict[str, Any]]:
    writes = []
    for row in rows:
        write = {"id": row.id, "b_score_revision": row.score_revision, "score_revision": row.score_revision + 1}
        try:
            score = ranking.score(ranking.load(row.facts), policy.ruleset, now)
        except Exception:  # noqa: BLE001 - one task must never stop the ranking of all others; it is logged, and tried again later
            _log.exception("a task could not be scored", task=row.id)
            continue
        writes.append(write | derivation.score_columns(score, row.due_at, policy.fingerprint))
    return writes


async def _put_off(session: AsyncSession, task_ids: set[int], *, now: datetime) -> None:
    if task_ids:
        again_at = now + POISONED_FOR
        await session.execute(update(Task).where(Task.id.in_(task_ids)).values(valid_until=again_at))
