"""Who pulls what and when: each process looks every second for what is due, what waits and what was abandoned.

The database is the truth: a pull is a row that one process claims. So any number of processes may look, each pull is
carried out by one of them, and one whose process was killed is taken up by another after the lease.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from app.core import log
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.workflows import runs
from app.workflows.sync.running import carry_out, give_back
from app.workflows.sync.syncing import Syncing

_log = log.get(__name__)


def _nothing() -> None:
    """Nobody waits for room."""


class Dispatcher:
    """The pulls of one process: at most `at_once` at a time. Without `schedule` only what was asked for is pulled."""

    def __init__(self, syncing: Syncing, *, at_once: int = 4, schedule: bool = True) -> None:
        self.syncing = syncing
        self._at_once = at_once
        self._schedule = schedule
        self._going: set[asyncio.Task[None]] = set()
        self.on_room: Callable[[], None] = _nothing
        """Is called when a pull has ended: more may wait than there was room for."""

    async def look(self) -> bool:
        """Begin what there is to do, as far as there is room. Returns whether anything was begun."""
        work, now = self.syncing.work, self.syncing.work.clock()
        kinds = self.syncing.live
        silent_since = now - work.lease
        async with work.database.reading() as session:
            if not await pulls.anything_to_do(
                session, now=now, kinds=kinds, silent_since=silent_since, schedule=self._schedule
            ):
                return False
        async with work.database.writing() as session:
            await runs.take_up_abandoned(session, now=now, lease=work.lease, backoff=self.syncing.backoff)
            if self._schedule:
                await pulls.enqueue_due(session, now=now, kinds=kinds)
        return await self._begin()

    async def _begin(self) -> bool:
        begun = False
        while len(self._going) < self._at_once and (claimed := await self._claim()):
            task = asyncio.create_task(self._pull(*claimed), name=f"pull {claimed[0]}")
            self._going.add(task)
            task.add_done_callback(self._ended)
            begun = True
        return begun

    async def _claim(self, run_id: int | None = None) -> tuple[int, str] | None:
        work, owner = self.syncing.work, runs.new_owner()
        async with work.database.writing() as session:
            run = await connections.service.claim_queued_run(
                session, owner=owner, now=work.clock(), pulls=True, run_id=run_id
            )
        return (run.id, owner) if run else None

    async def _pull(self, run_id: int, owner: str) -> None:
        try:
            await carry_out(self.syncing, run_id, owner)
        except asyncio.CancelledError:
            await give_back(self.syncing, run_id, owner)  # or nobody would go on with it before the lease is over
            raise

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        self.on_room()
        if not task.cancelled() and (error := task.exception()):
            # The database was away. The run is taken up again once it has been silent for the lease.
            _log.error("a pull broke off and will be taken up again", pull=task.get_name(), error=type(error).__name__)

    async def pull_next(self) -> SyncRun | None:
        """Carry out the oldest pull that waits, to its end. None where none does."""
        claimed = await self._claim()
        return await carry_out(self.syncing, *claimed) if claimed else None

    async def pull_now(self, run_id: int, on_page: runs.OnPage | None = None) -> SyncRun | None:
        """The same for one run; None where another process has it already."""
        claimed = await self._claim(run_id)
        if claimed is None:
            return None
        try:
            return await carry_out(self.syncing, *claimed, on_page)
        except asyncio.CancelledError:
            await give_back(self.syncing, *claimed)
            raise

    async def settle(self) -> None:
        """Wait until the pulls that go on have ended."""
        while self._going:
            await asyncio.wait(self._going)

    async def stop(self) -> None:
        """End the pulls that go on; another process, or the next one, goes on behind their last page."""
        for task in self._going:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._going, return_exceptions=True)
