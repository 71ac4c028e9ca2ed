"""The outbox: taking out what is due, and noting what came of it. Functions flush and never commit.

For each task and integration one write is carried out at a time, the oldest first. Whoever carries one out holds it
under a claim that it renews; what nobody renews was left behind by a process that died, and is taken up again.

Locks are taken in one order: tasks, by their ids, then their writes, by task and id.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core import audit, seeing
from app.core.acting import written_by
from app.core.errors import Conflict, NotFound
from app.domains.connections.models import Integration
from app.domains.connections.rules import State
from app.domains.tasks.models import Task, TaskEvent
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.noting import CHANGED_SINCE, STUCK

UNFINISHED = ("pending", "sending")


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
            _REACHABLE,
        )
        return or_(waits, and_(TaskWrite.state == "sending", TaskWrite.seen_at < self.silent_since))


_REACHABLE = exists().where(
    Integration.id == TaskWrite.integration_id,
    # What is switched off is taken out to be cancelled; what can't be told now waits without anybody touching it.
    or_(
        Integration.write_back.is_(False),
        and_(Integration.paused.is_(False), Integration.state != State.NEEDS_RECONNECT.value),
    ),
)


async def anything_due(session: AsyncSession, due: Due) -> bool:
    """One cheap query, asked every second."""
    return bool((await session.execute(select(exists().where(due.condition)))).scalar_one())


async def claim(
    session: AsyncSession, due: Due, *, owner: str, most: int, of_each: int, going: Mapping[int, int]
) -> Sequence[TaskWrite]:
    """Take up at most `most` writes that are due; each is held under `owner` from now on. `going`: the writes that this
    process is at, with their integrations; it never takes up its own.

    Of one integration at most `of_each` are begun beside those that go on, and none where so many do: one that is away,
    or has thousands to be told, keeps no other waiting.
    """
    busy = [each for each, count in Counter(going.values()).items() if count >= of_each]
    earlier = aliased(TaskWrite)
    first = ~exists().where(
        earlier.task_id == TaskWrite.task_id,
        earlier.integration_id == TaskWrite.integration_id,
        earlier.state.in_(UNFINISHED),
        earlier.id < TaskWrite.id,
    )
    place = func.row_number().over(partition_by=TaskWrite.integration_id, order_by=(TaskWrite.due_at, TaskWrite.id))
    ranked = select(TaskWrite.id, TaskWrite.integration_id, place.label("place")).where(due.condition, first)
    ranked = ranked.where(TaskWrite.integration_id.not_in(busy), TaskWrite.id.not_in(going))
    table = ranked.subquery()
    # In turns: the first of each integration before the second of any.
    mine = select(table.c.id).where(table.c.place <= of_each).order_by(table.c.place, table.c.id).limit(most)
    ids = (await session.execute(mine)).scalars().all()
    query = select(TaskWrite).where(TaskWrite.id.in_(ids), due.condition).order_by(TaskWrite.task_id, TaskWrite.id)
    query = query.with_for_update(skip_locked=True, of=TaskWrite).execution_options(populate_existing=True)
    found = (await session.execute(query)).scalars().all()
    for each in found:
        await _begin(session, each, owner, due.now)
    await session.flush()
    return found


async def _begin(session: AsyncSession, write: TaskWrite, owner: str, now: datetime) -> None:
    of_these = (TaskWrite.task_id == write.task_id, TaskWrite.integration_id == write.integration_id)
    before = select(TaskWrite).where(*of_these, TaskWrite.id < write.id).order_by(TaskWrite.id.desc()).limit(1)
    told = (await session.execute(before.where(TaskWrite.state == "done"))).scalar_one_or_none()
    if told is not None:
        write.before = told.mark
    if write.attempts == 0:
        tried = (await session.execute(before.where(TaskWrite.attempts > 0))).scalar_one_or_none()
        # Also of one that was refused, or given up: what it had changed by then stands there still.
        write.effect = dict(tried.effect) if tried is not None else {}
    write.state, write.owner, write.seen_at = "sending", owner, now
    write.tried_at = write.tried_at or now
    write.attempts += 1


async def sign_of_life(session: AsyncSession, write_ids: Collection[int], owner: str, *, now: datetime) -> None:
    held = (TaskWrite.id.in_(write_ids), TaskWrite.owner == owner, TaskWrite.state == "sending")
    await session.execute(update(TaskWrite).where(*held).values(seen_at=now))


async def held(session: AsyncSession, write_id: int, owner: str, *, lock: bool = True) -> TaskWrite | None:
    """The write, locked, where this claim on it still holds. None where it is somebody else's, or gone."""
    query = select(TaskWrite).where(TaskWrite.id == write_id, TaskWrite.owner == owner, TaskWrite.state == "sending")
    if lock:
        query = query.with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def held_with_task(session: AsyncSession, write_id: int, owner: str) -> TaskWrite | None:
    """The same, its task locked before it: whoever holds the task's ETag will see that something became of it."""
    found = await held(session, write_id, owner, lock=False)
    if found is None:
        return None
    await lock_task(session, found.task_id)
    return await held(session, write_id, owner)


def end(write: TaskWrite, state: str, why: str, *, now: datetime) -> None:
    write.state, write.why, write.ended_at, write.owner, write.due_at = state, why, now, None, None


async def put_off(
    session: AsyncSession, write: TaskWrite, why: str, *, now: datetime, until: datetime, tried: bool
) -> None:
    """It is tried again then, or what was noted meanwhile is told instead. `tried` is False where nothing was sent."""
    if tried:
        write.failures += 1
    else:
        write.attempts -= 1
    if (later := await _noted_later(session, write)) is None:
        write.state, write.why, write.owner, write.due_at = "pending", why, None, until
        return
    end(write, "cancelled", CHANGED_SINCE, now=now)
    later.before = write.before
    if later.mark == later.before and not write.attempts:
        end(later, "cancelled", CHANGED_SINCE, now=now)
        return
    # What was tried may have happened: that goes over to what is sent instead, so that it can be taken back.
    later.effect, later.attempts, later.failures, later.due_at = write.effect, write.attempts, write.failures, until


async def _noted_later(session: AsyncSession, write: TaskWrite) -> TaskWrite | None:
    of_these = (TaskWrite.task_id == write.task_id, TaskWrite.integration_id == write.integration_id)
    query = select(TaskWrite).where(*of_these, TaskWrite.state == "pending", TaskWrite.id > write.id)
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def get(session: AsyncSession, write_id: int) -> TaskWrite:
    """Raises NotFound, also where it is hidden from whoever acts."""
    with seeing.restricted(session):
        found = await session.get(TaskWrite, write_id, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no write {write_id}.")
    return found


async def locked(session: AsyncSession, write_id: int) -> TaskWrite:
    """The write, and its task before it. Raises NotFound."""
    await lock_task(session, (await get(session, write_id)).task_id)
    await session.get(TaskWrite, write_id, populate_existing=True, with_for_update=True)
    return await get(session, write_id)


async def lock_task(session: AsyncSession, task_id: int) -> None:
    """Whoever holds the task's ETag is to see that something became of a write: so the task's revision grows."""
    grown = update(Task).where(Task.id == task_id).values(score_revision=Task.score_revision + 1)
    await session.execute(grown.execution_options(synchronize_session=False))


async def retry(session: AsyncSession, write: TaskWrite, *, overwrite: bool, now: datetime) -> None:
    """Try again what was refused, or met a conflict. Raises Conflict where there is nothing to try, and where writing
    over is wanted of what met no conflict."""
    if write.state not in STUCK:
        raise Conflict(f"It is {write.state}: only what was refused or met a conflict can be tried again.")
    if overwrite and write.state != "conflict":
        raise Conflict("It met no conflict, so there is nothing to write over: try it again without that.")
    task = await session.get(Task, write.task_id, populate_existing=True)
    if task is None or task.mark != write.mark or await _followed(session, write):
        raise Conflict("The task has changed since: its source is told how it stands now, if at all.")
    _note(session, write, "pending", overwrite=overwrite)
    write.state, write.why, write.overwrite, write.ended_at = "pending", "", overwrite, None
    write.due_at = write.created_at = now
    write.failures, write.tried_at = 0, None
    said = "Writing over what changed at its source." if overwrite else "Telling its source again."
    await _remember(session, write, "retried", said, now)


async def _followed(session: AsyncSession, write: TaskWrite) -> bool:
    of_these = (TaskWrite.task_id == write.task_id, TaskWrite.integration_id == write.integration_id)
    later = exists().where(*of_these, TaskWrite.id > write.id, TaskWrite.state != "cancelled")
    return bool((await session.execute(select(later))).scalar_one())


async def retry_all(session: AsyncSession, integration_id: int, *, now: datetime) -> int:
    """Try again all that was refused at this integration and still holds. Returns how many that are."""
    query = select(TaskWrite.id).where(TaskWrite.integration_id == integration_id, TaskWrite.state == "refused")
    again = 0
    with seeing.restricted(session):
        ids = (await session.execute(query.order_by(TaskWrite.task_id, TaskWrite.id))).scalars().all()
    for write_id in ids:
        write = await locked(session, write_id)
        try:
            await retry(session, write, overwrite=False, now=now)
        except Conflict:
            continue  # the task has changed since
        again += 1
    return again


async def cancel(session: AsyncSession, write: TaskWrite, *, now: datetime) -> None:
    """Leave the source as it is. Raises Conflict for what is being sent, was sent, or is cancelled."""
    if write.state not in ("pending", *STUCK):
        raise Conflict(f"It is {write.state}: there is nothing to leave out.")
    _note(session, write, "cancelled")
    end(write, "cancelled", "A person left it out.", now=now)
    await _remember(session, write, "left out", "Its source is left as it is.", now)


def _note(session: AsyncSession, write: TaskWrite, state: str, **how: bool) -> None:
    audit.changed(session, f"write:{write.id}", {"state": write.state}, {"state": state, "task": write.task_id, **how})


async def _remember(session: AsyncSession, write: TaskWrite, verb: str, said: str, now: datetime) -> None:
    line = {"task_id": write.task_id, "at": now, "actor": written_by(), "verb": verb, "detail": said, "changes": {}}
    await session.execute(insert(TaskEvent), [line])
    await session.flush()


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
    """Remove what ended long ago, but for the last that was told of each, and the last that was tried: they say what
    the source knows, and what of ours stands there."""
    later = aliased(TaskWrite)
    of_these = (
        later.task_id == TaskWrite.task_id,
        later.integration_id == TaskWrite.integration_id,
        later.id > TaskWrite.id,
    )
    never_tried = and_(TaskWrite.state == "cancelled", TaskWrite.attempts == 0)
    told_later = exists().where(*of_these, later.state == "done")
    tried_later = and_(TaskWrite.state != "done", exists().where(*of_these, later.attempts > 0))
    ended = (TaskWrite.state.not_in(UNFINISHED), TaskWrite.ended_at < before)
    await session.execute(delete(TaskWrite).where(*ended, or_(never_tried, told_later, tried_later)))
