"""Pulls of integrations: which are due, whose turn it is, how they ended. Functions flush and never commit.

An integration is pulled once at a time across all processes: an index allows one unfinished pull, and whoever enqueues
holds the integration's row. While a pull waits or goes on, `next_sync_at` is None; its end sets it again.

Locks are taken in one order, or two of these wait for each other for ever: «ingest», tasks, the run, the integration.
The integration is locked without its key: items that name it hold that. Who locks several integrations takes them by
their ids, or leaves out those that somebody else holds (skip_locked).
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.errors import Conflict, NotFound
from app.domains.connections import service
from app.domains.connections.models import Integration, SyncRun
from app.domains.connections.rules import Backoff, Cause, Failure, State, after_failure

MOST_AT_ONCE = 500
PUSHED_AGAIN = timedelta(seconds=3)
"""So long after a pull began, or ended, the next one may follow that its service asks for: a burst is no burden."""
_WITHOUT_KEY: Any = {"key_share": True}
_FREE: Any = {"key_share": True, "skip_locked": True}
_PULL = SyncRun.reason != "import"
_UNFINISHED = SyncRun.state.in_(service.UNFINISHED)


def due(now: datetime, kinds: Collection[str], *, schedule: bool = True) -> ColumnElement[bool]:
    """Integrations to be pulled. Without `schedule` what was told of and no pull has brought yet."""
    return and_(
        Integration.kind.in_(kinds),
        Integration.paused.is_(False),
        Integration.next_sync_at <= now,
        ~exists().where(SyncRun.integration_id == Integration.id, _PULL, _UNFINISHED),
        *(() if schedule else (Integration.pushed_at.is_not(None),)),
    )


async def anything_to_do(
    session: AsyncSession, *, now: datetime, kinds: Collection[str], silent_since: datetime, schedule: bool
) -> bool:
    """Whether a pull is due, waits, or was abandoned: one cheap query, asked every second."""
    of_ours = SyncRun.integration_id.in_(select(Integration.id).where(Integration.kind.in_(kinds)))
    waits = exists().where(_PULL, SyncRun.state == "queued", of_ours)
    abandoned = exists().where(_PULL, SyncRun.state == "running", SyncRun.seen_at < silent_since)
    any_due = [exists().where(due(now, kinds, schedule=schedule))] if kinds else []
    query = select(or_(waits, abandoned, *any_due))
    return bool((await session.execute(query)).scalar_one())


async def anything_due(session: AsyncSession, *, now: datetime, kinds: Collection[str]) -> bool:
    return bool((await session.execute(select(exists().where(due(now, kinds))))).scalar_one())


async def enqueue_due(
    session: AsyncSession,
    *,
    now: datetime,
    kinds: Collection[str],
    reason: str = "schedule",
    schedule: bool = True,
) -> list[SyncRun]:
    """A queued pull for each integration that is due, longest due first. Without `schedule` only for those that their
    service has told of."""
    query = select(Integration).where(due(now, kinds, schedule=schedule))
    first = query.order_by(Integration.next_sync_at, Integration.id)
    free = first.limit(MOST_AT_ONCE).with_for_update(**_FREE, of=Integration)
    return [await _enqueue(session, each, reason, now) for each in (await session.execute(free)).scalars().all()]


async def _enqueue(session: AsyncSession, integration: Integration, reason: str, now: datetime) -> SyncRun:
    integration.next_sync_at = None
    run = SyncRun(
        integration_id=integration.id,
        state="queued",
        what=integration.name,
        reason=reason,
        created_at=now,
        cursor_before=integration.cursor,
    )
    session.add(run)
    await session.flush()
    return run


async def request(session: AsyncSession, integration_id: int, *, now: datetime) -> SyncRun:
    """A queued pull because somebody asks for it, due or not. Raises NotFound; Conflict, naming the run, where one
    waits or goes on, and where the integration is paused."""
    integration = await locked(session, integration_id)
    if integration.paused:
        raise Conflict(f"{integration.name} is paused: resume it first.")
    found = await unfinished_of(session, integration_id)
    if found is not None:
        raise Conflict(f"{integration.name} is being pulled already.", run=found.id)
    return await _enqueue(session, integration, "request", now)


async def unfinished(session: AsyncSession) -> Sequence[SyncRun]:
    """Pulls that wait or go on, oldest first."""
    query = select(SyncRun).where(_PULL, _UNFINISHED).order_by(SyncRun.id).limit(MOST_AT_ONCE)
    return (await session.execute(query)).scalars().all()


async def any_unfinished(session: AsyncSession, run_ids: Sequence[int]) -> bool:
    """Whether one of the runs waits or goes on; one that was deleted does not."""
    for some in chunks(run_ids):
        if (await session.execute(select(exists().where(SyncRun.id.in_(some), _UNFINISHED)))).scalar_one():
            return True
    return False


async def unfinished_of(session: AsyncSession, integration_id: int) -> SyncRun | None:
    query = select(SyncRun).where(SyncRun.integration_id == integration_id, _PULL, _UNFINISHED)
    return (await session.execute(query)).scalar_one_or_none()


async def unfinished_by_integration(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, int]:
    """The id of the pull that waits or goes on, by integration."""
    query = select(SyncRun.integration_id, SyncRun.id).where(SyncRun.integration_id.in_(ids), _PULL, _UNFINISHED)
    return {row.integration_id: row.id for row in await session.execute(query)}


async def sign_of_life(session: AsyncSession, run_id: int, owner: str, *, now: datetime) -> bool:
    """Say that the process lives. False where the run is somebody else's by now, or was cancelled."""
    # An import that was taken for dead goes on where nobody took it up.
    ours = (SyncRun.id == run_id, SyncRun.owner == owner, or_(SyncRun.reason == "import", SyncRun.state == "running"))
    told: Any = await session.execute(update(SyncRun).where(*ours).values(seen_at=now))
    return bool(told.rowcount)


def begun(integration: Integration, run: SyncRun, *, now: datetime) -> None:
    run.started_at = run.started_at or now
    run.cursor_before = integration.cursor if run.pages == 0 else run.cursor_before
    integration.last_started_at, integration.updated_at = run.started_at, now


def succeeded(integration: Integration, run: SyncRun, *, until: datetime, poll_every: timedelta, now: datetime) -> None:
    """All that the source holds up to `until` is stored."""
    run.state, run.finished_at, run.error, run.part, run.owner = "succeeded", now, None, 1.0, None
    run.cursor_after = integration.cursor
    integration.state, integration.failures = State.OK, 0
    integration.first_failed_at = integration.last_error = None
    integration.last_success_at = integration.last_finished_at = integration.updated_at = now
    integration.cursor_at = until
    pushed = integration.pushed_at is not None and run.started_at is not None and integration.pushed_at > run.started_at
    integration.pushed_at = integration.pushed_at if pushed else None
    integration.next_sync_at = now + (min(poll_every, PUSHED_AGAIN) if pushed else poll_every)


def failed(integration: Integration, run: SyncRun, failure: Failure, backoff: Backoff, *, now: datetime) -> None:
    """The pull ended before its end; what it stored stays."""
    error = service.note_failure(run, failure.detail, failure.category, now) | {"cause": failure.cause}
    run.error, run.cursor_after, run.owner = error, integration.cursor, None
    integration.failures += 1
    integration.first_failed_at = integration.first_failed_at or now
    verdict = after_failure(
        failure.cause,
        failures=integration.failures,
        first_failed_at=integration.first_failed_at,
        now=now,
        backoff=backoff,
        retry_after=failure.retry_after,
        jitter=secrets.randbelow(1000) / 999,
    )
    integration.state, integration.next_sync_at, integration.last_error = verdict.state, verdict.next_sync_at, error
    integration.last_failed_at = integration.last_finished_at = integration.updated_at = now


async def wake_siblings(session: AsyncSession, kind: str, *, now: datetime) -> None:
    """One of a kind was reached again: those that an outage of the same service keeps waiting need wait no longer."""
    waiting = (Integration.kind == kind, Integration.next_sync_at > now, Integration.failures > 0)
    free = select(Integration.id, Integration.last_error).where(*waiting).with_for_update(**_FREE)
    rows = await session.execute(free)
    ids = [row.id for row in rows if (row.last_error or {}).get("cause") == Cause.OUTAGE]
    if ids:
        await session.execute(update(Integration).where(Integration.id.in_(ids), *waiting).values(next_sync_at=now))


def cancel(run: SyncRun, *, now: datetime) -> None:
    """Whoever carries it out finds that out at its next page, or sooner."""
    run.state, run.finished_at, run.owner = "cancelled", now, None


async def locked(session: AsyncSession, integration_id: int) -> Integration:
    """The integration, locked without its key. Raises NotFound."""
    found = await locked_if_there(session, integration_id)
    if found is None:
        raise NotFound(f"There is no integration {integration_id}.")
    return found


async def locked_if_there(session: AsyncSession, integration_id: int) -> Integration | None:
    """The same; None where it was deleted."""
    return await session.get(Integration, integration_id, populate_existing=True, with_for_update=_WITHOUT_KEY)


async def stop(session: AsyncSession, integration: Integration, *, now: datetime) -> None:
    """Cancel the pull that waits or goes on, if any; it keeps what it stored. Afterwards `integration` is locked, and
    as the pull left it. One that begins at this very moment finds another generation, and stores nothing. Raises
    NotFound where it was deleted meanwhile."""
    if (found := await unfinished_of(session, integration.id)) is not None:
        run = await service.get_run(session, found.id, lock=True)
        if run.state in service.UNFINISHED:
            cancel(run, now=now)
    await session.flush()
    await locked(session, integration.id)
    integration.generation += 1


async def pause(session: AsyncSession, integration: Integration, *, now: datetime) -> None:
    """Nothing is pulled any more."""
    await stop(session, integration, now=now)
    integration.paused, integration.next_sync_at, integration.updated_at = True, None, now
    await session.flush()


def resume(integration: Integration, *, now: datetime) -> None:
    """Due at once. Whatever kept it from being pulled is tried anew."""
    integration.paused, integration.next_sync_at, integration.updated_at = False, now, now
    if integration.state == State.NEEDS_RECONNECT:
        integration.state = State.RETRYING


def begin_anew(integration: Integration, *, now: datetime) -> None:
    """Its settings or its account are others: everything is pulled again, which changes nothing that is the same. Comes
    after `stop`."""
    integration.cursor, integration.failures = None, 0
    integration.first_failed_at = integration.last_error = None
    integration.state = State.NEW  # that the new ones work, the next pull will show
    if not integration.paused:
        integration.next_sync_at = now


async def reschedule_lost(session: AsyncSession, kinds: Collection[str], *, now: datetime) -> None:
    """Integrations that nothing would pull any more, although nothing speaks against it: a pull of theirs vanished."""
    lost = (
        Integration.kind.in_(kinds),
        Integration.paused.is_(False),
        Integration.state != State.NEEDS_RECONNECT,
        Integration.sample.is_(False),
        Integration.gateway.is_not(None),
        Integration.next_sync_at.is_(None),
        ~exists().where(SyncRun.integration_id == Integration.id, _PULL, _UNFINISHED),
    )
    free = select(Integration.id).where(*lost).order_by(Integration.id).with_for_update(**_FREE, of=Integration)
    for some in chunks((await session.execute(free)).scalars()):
        await session.execute(update(Integration).where(Integration.id.in_(some)).values(next_sync_at=now))


async def forget_old_runs(session: AsyncSession, before: datetime) -> None:
    """Remove reports of pulls that ended before. What they brought stays."""
    await session.execute(delete(SyncRun).where(_PULL, ~_UNFINISHED, SyncRun.finished_at < before))
