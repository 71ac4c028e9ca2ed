"""The outbox: taking out what is due, and noting what came of it. Functions flush and never commit.

For each task and integration one write is carried out at a time, the oldest first. Whoever carries one out holds it
under a claim that it renews; what nobody renews was left behind by a process that died, and is taken up again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core.errors import Conflict, NotFound
from app.domains.tasks.models import Task
from app.domains.tasks.writes.models import TaskWrite

UNFINISHED = ("pending", "sending")
_TOLD = ("done",)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due when: `sent_before` is the time before which what is to be sent must have been decided."""

    now: datetime
    sent_before: datetime
    silent_since: datetime
    """Whoever has not renewed a claim since then is dead."""

    @property
    def condition(self) -> ColumnElement[bool]:
        waits = and_(
            TaskWrite.state == "pending",
            TaskWrite.due_at <= self.now,
            or_(TaskWrite.created_at <= self.sent_before, TaskWrite.attempts > 0),
        )
        return or_(waits, and_(TaskWrite.state == "sending", TaskWrite.seen_at < self.silent_since))


async def anything_due(session: AsyncSession, due: Due) -> bool:
    """One cheap query, asked every second."""
    return bool((await session.execute(select(exists().where(due.condition)))).scalar_one())


async def claim(session: AsyncSession, due: Due, *, owner: str, most: int) -> Sequence[TaskWrite]:
    """Take up at most `most` writes that are due; each is held under `owner` from now on."""
    earlier = aliased(TaskWrite)
    first = ~exists().where(
        earlier.task_id == TaskWrite.task_id,
        earlier.integration_id == TaskWrite.integration_id,
        earlier.state.in_(UNFINISHED),
        earlier.id < TaskWrite.id,
    )
    query = select(TaskWrite).where(due.condition, first).order_by(TaskWrite.id).limit(most)
    found = (await session.execute(query.with_for_update(skip_locked=True, of=TaskWrite))).scalars().all()
    for each in found:
        told = await _told_last(session, each)
        if told is not None:
            each.before = told.mark
        if each.attempts == 0:
            each.effect = dict(told.effect) if told is not None else {}
        each.state, each.owner, each.seen_at = "sending", owner, due.now
        each.attempts += 1
    await session.flush()
    return found


async def _told_last(session: AsyncSession, write: TaskWrite) -> TaskWrite | None:
    of_these = (TaskWrite.task_id == write.task_id, TaskWrite.integration_id == write.integration_id)
    query = select(TaskWrite).where(*of_these, TaskWrite.state.in_(_TOLD), TaskWrite.id < write.id)
    return (await session.execute(query.order_by(TaskWrite.id.desc()).limit(1))).scalar_one_or_none()


async def sign_of_life(session: AsyncSession, write_ids: Collection[int], owner: str, *, now: datetime) -> None:
    held = (TaskWrite.id.in_(write_ids), TaskWrite.owner == owner, TaskWrite.state == "sending")
    await session.execute(update(TaskWrite).where(*held).values(seen_at=now))


async def held(session: AsyncSession, write_id: int, owner: str) -> TaskWrite | None:
    """The write, locked, where this claim on it still holds."""
    query = select(TaskWrite).where(TaskWrite.id == write_id, TaskWrite.owner == owner, TaskWrite.state == "sending")
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


def end(write: TaskWrite, state: str, why: str, *, now: datetime) -> None:
    write.state, write.why, write.ended_at, write.owner, write.due_at = state, why, now, None, None


async def put_off(session: AsyncSession, write: TaskWrite, why: str, *, until: datetime, tried: bool) -> None:
    """It is tried again then, or what was noted meanwhile is told instead. `tried` is False where nothing was sent."""
    if not tried:
        write.attempts -= 1
    if (later := await _noted_later(session, write)) is None:
        write.state, write.why, write.owner, write.due_at = "pending", why, None, until
        return
    # What was tried may have happened: that goes over to what is sent instead, so that it can be taken back.
    later.effect, later.attempts, later.due_at = write.effect, write.attempts, until
    write.state, write.why, write.owner, write.due_at = "cancelled", "The task has changed since.", None, None


async def _noted_later(session: AsyncSession, write: TaskWrite) -> TaskWrite | None:
    of_these = (TaskWrite.task_id == write.task_id, TaskWrite.integration_id == write.integration_id)
    query = select(TaskWrite).where(*of_these, TaskWrite.state == "pending", TaskWrite.id > write.id)
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def get(session: AsyncSession, write_id: int) -> TaskWrite:
    """Raises NotFound."""
    found = await session.get(TaskWrite, write_id, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no write {write_id}.")
    return found


async def locked(session: AsyncSession, write_id: int) -> TaskWrite:
    """The write, and its task before it: whoever changes tasks locks in that order. Raises NotFound."""
    await lock_task(session, (await get(session, write_id)).task_id)
    await session.get(TaskWrite, write_id, populate_existing=True, with_for_update=True)
    return await get(session, write_id)


async def lock_task(session: AsyncSession, task_id: int) -> None:
    """Whoever holds the task's ETag is to see that something became of a write: so the task's revision grows."""
    grown = update(Task).where(Task.id == task_id).values(score_revision=Task.score_revision + 1)
    await session.execute(grown.execution_options(synchronize_session=False))


async def retry(session: AsyncSession, write: TaskWrite, *, overwrite: bool, now: datetime) -> None:
    """Try again what was refused, or met a conflict. Raises Conflict where there is nothing to try, or a later one."""
    if write.state not in ("refused", "conflict"):
        raise Conflict(f"It is {write.state}: only what was refused or met a conflict can be tried again.")
    later = exists().where(
        TaskWrite.task_id == write.task_id,
        TaskWrite.integration_id == write.integration_id,
        TaskWrite.id > write.id,
        TaskWrite.state != "cancelled",
    )
    if (await session.execute(select(later))).scalar_one():
        raise Conflict("The task has changed since, and its source is told that instead.")
    write.state, write.overwrite, write.ended_at = "pending", overwrite, None
    write.due_at = write.created_at = now
    await session.flush()


async def cancel(session: AsyncSession, write: TaskWrite, *, now: datetime) -> None:
    """Leave the source as it is. Raises Conflict for what is being sent, was sent, or is cancelled."""
    if write.state not in ("pending", "refused", "conflict"):
        raise Conflict(f"It is {write.state}: there is nothing to leave out.")
    end(write, "cancelled", "A person left it out.", now=now)
    await session.flush()


async def cancel_waiting(session: AsyncSession, integration_id: int, *, now: datetime) -> None:
    """Nothing is told to this integration any more."""
    mine = (TaskWrite.integration_id == integration_id, TaskWrite.state == "pending")
    why = "Writing back was switched off before it was sent."
    ended = {"state": "cancelled", "why": why, "ended_at": now, "due_at": None}
    await session.execute(update(TaskWrite).where(*mine).values(ended))


async def page(
    session: AsyncSession,
    *,
    limit: int,
    before: int | None = None,
    task_id: int | None = None,
    integration_id: int | None = None,
    states: Sequence[str] = (),
) -> Sequence[TaskWrite]:
    """The newest first, at most `limit`, of those with an id below `before`."""
    query = select(TaskWrite).order_by(TaskWrite.id.desc()).limit(limit)
    if before is not None:
        query = query.where(TaskWrite.id < before)
    if task_id is not None:
        query = query.where(TaskWrite.task_id == task_id)
    if integration_id is not None:
        query = query.where(TaskWrite.integration_id == integration_id)
    if states:
        query = query.where(TaskWrite.state.in_(states))
    return (await session.execute(query)).scalars().all()


async def latest_states(session: AsyncSession, task_ids: Sequence[int]) -> dict[int, str]:
    """By task: what became of the last thing that its sources were to be told; what needs a person comes first."""
    newest = select(func.max(TaskWrite.id)).where(TaskWrite.task_id.in_(task_ids), TaskWrite.state != "cancelled")
    newest = newest.group_by(TaskWrite.task_id, TaskWrite.integration_id)
    found: dict[int, str] = {}
    for row in await session.execute(select(TaskWrite.task_id, TaskWrite.state).where(TaskWrite.id.in_(newest))):
        found[row.task_id] = max(found.get(row.task_id, "done"), row.state, key=_URGENCY.index)
    return found


_URGENCY = ("done", "sending", "pending", "refused", "conflict")


async def forget_old(session: AsyncSession, before: datetime) -> None:
    """Remove what ended long ago and was followed by something else: the last one tells what can be taken back."""
    later = aliased(TaskWrite)
    followed = exists().where(
        later.task_id == TaskWrite.task_id,
        later.integration_id == TaskWrite.integration_id,
        later.id > TaskWrite.id,
        later.state == "done",
    )
    ended = (TaskWrite.state.not_in(UNFINISHED), TaskWrite.ended_at < before)
    await session.execute(delete(TaskWrite).where(*ended, or_(followed, TaskWrite.state == "cancelled")))
