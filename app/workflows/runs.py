"""What imports and pulls share: one process at a time carries a run out, and says so as long as it lives.

A run is claimed under a new `owner`. Each page's transaction looks whether the claim still holds, so that a process
that was taken for dead (suspended, cut off) can't store anything beside the one that took over.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.clock import Clock
from app.core.database import Database
from app.core.errors import Category
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.domains.connections.rules import Backoff, Cause
from app.domains.tasks import ingest
from app.domains.tasks.copies import Readable
from app.domains.tasks.placing import Origin
from app.domains.tasks.reading import read_item
from app.records import Item
from app.workflows.judging import Judge

LEASE = timedelta(seconds=7)
"""A run whose process has been silent for so long is taken up by another one; SYNC_LEASE_S."""

_log = log.get(__name__)


OnPage = Callable[[SyncRun], None]
"""Hears of a run after each of its pages."""


class TakenOver(Exception):
    """Another process goes on with this run, or somebody cancelled it."""


def new_owner() -> str:
    """A claim on a run that nobody else has."""
    return secrets.token_hex(16)


async def ours(session: AsyncSession, run_id: int, owner: str) -> SyncRun:
    """The run, locked. Raises TakenOver where somebody else has claimed it since."""
    run = await connections.service.get_run(session, run_id, lock=True)
    if run.owner != owner:
        raise TakenOver
    return run


@asynccontextmanager
async def held(database: Database, clock: Clock, run_id: int, owner: str, *, lease: timedelta) -> AsyncIterator[None]:
    """Say every third of the lease that the process lives. Raises TakenOver as soon as the claim is gone."""
    try:
        async with asyncio.timeout(None) as scope:
            beating = asyncio.create_task(_beat(database, clock, run_id, owner, lease / 3, scope))
            try:
                yield
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)
    except TimeoutError:
        if scope.expired():
            raise TakenOver from None
        raise


async def _beat(
    database: Database, clock: Clock, run_id: int, owner: str, every: timedelta, scope: asyncio.Timeout
) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            async with database.writing() as session:
                held_still = await pulls.sign_of_life(session, run_id, owner, now=clock())
        except (SQLAlchemyError, OSError) as error:
            # Not able to write: whoever takes the run over meets a claim that still holds at our next page, or not.
            _log.warning("no sign of life could be given", run=run_id, error=type(error).__name__)
            continue
        if not held_still:
            scope.reschedule(asyncio.get_running_loop().time())
            return


async def take_up_abandoned(
    session: AsyncSession, *, now: datetime, lease: timedelta, backoff: Backoff
) -> list[SyncRun]:
    """Queue again what was abandoned by its process, or end it where that helped too often. Returns what was ended."""
    ended = await connections.service.take_up_abandoned(session, silent_since=now - lease, now=now)
    for run in ended:
        if run.reason == "import":
            continue
        integration = await connections.service.get(session, run.integration_id)
        detail = f"It was begun {run.attempts} times, and each time its process ended before a page was stored."
        cause, category = Cause.DEFECT, Category.INTERNAL
        pulls.failed(integration, run, cause=cause, category=category, detail=detail, backoff=backoff, now=now)
    return ended


async def with_words(database: Database, judge: Judge, items: Sequence[Item], origin: Origin) -> list[Readable]:
    """The items, and what those say that are not stored yet: the same thing again is not read for its words again."""
    async with database.reading() as session:
        stored = await ingest.stored_hashes(session, origin.integration_id, items)
        us = (await judge.policy(session)).us

    def read() -> list[Readable]:
        return [(item, None if item.content_hash in stored else read_item(item, us)) for item in items]

    return await asyncio.to_thread(read)
