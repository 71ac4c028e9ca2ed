"""What imports and pulls share: one process at a time carries a run out, and says so as long as it lives.

A run is claimed under a new `owner`. Each page's transaction looks whether the claim still holds, so that a process
that was taken for dead (suspended, cut off) can't store anything beside the one that took over.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
from app.core.clock import Clock
from app.core.database import Database
from app.core.errors import NotFound
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
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


async def ours(session: AsyncSession, run_id: int, owner: str, *, lock: bool = True) -> SyncRun:
    """The run, locked. Raises TakenOver where somebody else has claimed it since, where a pull has ended, and where the
    run was deleted."""
    try:
        run = await connections.service.get_run(session, run_id, lock=lock)
    except NotFound as error:
        raise TakenOver from error
    if run.owner != owner or (run.reason != "import" and run.state != "running"):
        raise TakenOver
    return run


async def give_back(database: Database, run_id: int, owner: str) -> None:
    """Queue a run again that this process can't finish: the next one goes on behind its last page."""
    async with database.writing() as session:
        try:
            run = await ours(session, run_id, owner)
        except TakenOver:
            return
        if run.state == "running" and (run.path or run.reason != "import"):
            run.state, run.attempts = "queued", max(0, run.attempts - 1)  # that we were stopped is no defect of it


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
                [ended] = await asyncio.gather(beating, return_exceptions=True)
                if isinstance(ended, Exception):
                    _log.error("signs of life ended early", run=run_id, exc_info=ended)
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


async def with_words(database: Database, judge: Judge, items: Sequence[Item], origin: Origin) -> list[Readable]:
    """The items, and what those say that are not stored yet: the same thing again is not read for its words again."""
    async with database.reading() as session:
        stored = await ingest.stored_hashes(session, origin.integration_id, items)
        us = (await judge.policy(session)).us

    def read() -> list[Readable]:
        return [(item, None if item.content_hash in stored else read_item(item, us)) for item in items]

    return await asyncio.to_thread(read)
