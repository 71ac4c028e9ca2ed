"""How a pull ends: what came of it, how its integration stands after it, and when it is tried again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import errors, log
from app.core.errors import Category
from app.domains import connections
from app.domains.connections import kept as kept_answers
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.domains.connections.rules import Cause, Failure
from app.domains.tasks import ingest
from app.records import Kept
from app.workflows import judging
from app.workflows.metrics import counting
from app.workflows.runs import ours
from app.workflows.sync.storing import Going, still_ours
from app.workflows.sync.syncing import Syncing
from app.workflows.telling import tell

_log = log.get(__name__)


def failure_by(error: errors.Upstream) -> Failure:
    wait = None if error.retry_after_s is None else timedelta(seconds=error.retry_after_s)
    kept = error.kept if isinstance(error, errors.Unreadable) and isinstance(error.kept, Kept) else None
    return Failure(cause_of(error), error.category, error.detail, wait, kept)


def cause_of(error: errors.Upstream) -> Cause:
    """By what the caller does next."""
    match error:
        case errors.Unauthorised():
            return Cause.ACCESS
        case errors.Throttled():
            return Cause.THROTTLED
        case errors.Unreadable():
            return Cause.UNREADABLE
        case errors.Unreachable() | errors.Refusing():
            return Cause.OUTAGE
        case _:
            return Cause.REFUSED


async def succeed(syncing: Syncing, going: Going, until: datetime) -> SyncRun:
    """Raises TakenOver."""
    now = syncing.work.clock()
    async with syncing.work.database.writing() as session:
        run, integration = await still_ours(session, going)
        recovered = integration.failures > 0
        await _sum_up(session, run, going.updated)
        run.hint = judging.who_we_are(going.delivered, (await syncing.work.judge.policy(session)).us)
        pulls.succeeded(integration, run, until=until, poll_every=going.live.poll_every, now=now)
        if recovered:
            await pulls.wake_siblings(session, integration.kind, now=now)
        await tell(session, integration, run, now)
    counting.ended(going.origin.kind, run)
    counts = {name: getattr(run, name) for name in ("new", "updated", "gone", "refused")}
    _log.info("pulled", integration=integration.name, run=run.id, **counts)
    return run


async def fail(
    syncing: Syncing, run_id: int, owner: str, failure: Failure, *, updated: frozenset[int] = frozenset()
) -> SyncRun:
    """What was stored stays; `updated` are the tasks that it touched. Raises TakenOver."""
    now = syncing.work.clock()
    async with syncing.work.database.writing() as session:
        run = await ours(session, run_id, owner)
        integration = await pulls.locked(session, run.integration_id)
        await _sum_up(session, run, updated)
        pulls.failed(integration, run, failure, syncing.backoff, now=now)
        if failure.kept is not None:
            found = [(failure.kept, failure.detail)]
            await kept_answers.keep(session, found, integration_id=integration.id, run_id=run_id, now=now)
        await tell(session, integration, run, now)
    counting.ended(integration.kind, run)
    return run


async def take_up(session: AsyncSession, syncing: Syncing, *, spared: Collection[str], now: datetime) -> None:
    """Queue again the pulls that were abandoned by their process; end one where that helped too often."""
    silent_since = now - syncing.work.lease
    for run in await connections.service.abandoned(session, silent_since=silent_since, imports=False, spared=spared):
        if connections.service.may_try_again(run):
            run.state = "queued"
            continue
        integration = await pulls.locked(session, run.integration_id)
        detail = f"It was begun {run.attempts} times, and each time its process ended before a page was stored."
        failure = Failure(Cause.DEFECT, Category.INTERNAL, detail)
        pulls.failed(integration, run, failure, syncing.backoff, now=now)
        await tell(session, integration, run, now)
    await session.flush()


async def _sum_up(session: AsyncSession, run: SyncRun, updated: set[int] | frozenset[int]) -> None:
    run.context = await ingest.context_of(session, run.id)
    made = await ingest.tasks_made_by(session, run.id)
    run.tasks_new, run.tasks_not_for_us = sum(made.values()), made.get("not_for_us", 0)
    run.tasks_updated = len(updated - await ingest.made_by(session, run.id, set(updated)))
