"""Who pulls what and when: each process looks every second for what is due, what waits and what was abandoned.

The database is the truth: a pull is a row that one process claims. So any number of processes may look, each pull is
carried out by one of them, and one whose process was killed is taken up by another after the lease.
"""

import asyncio
from collections.abc import Callable

from app.core import log
from app.domains import connections
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.workflows import runs
from app.workflows.sync.ending import take_up
from app.workflows.sync.running import carry_out
from app.workflows.sync.syncing import Syncing

_STOPS_WITHIN_S = 5.0
_log = log.get(__name__)


def _nothing() -> None:
    """Nobody waits for room."""


class Dispatcher:
    """The pulls of one process: at most `at_once` at a time. Without `schedule` only what was asked for is pulled, by a
    person, a cron job, or the service itself."""

    def __init__(self, syncing: Syncing, *, at_once: int = 4, schedule: bool = True) -> None:
        self.syncing = syncing
        self._at_once = at_once
        self._schedule = schedule
        self._going: dict[asyncio.Task[SyncRun | None], str] = {}
        """Each with its claim."""
        self._stopping = False
        self.on_room: Callable[[], None] = _nothing
        """Is called when a pull has ended: more may wait than there was room for."""

    async def look(self) -> None:
        """Begin what there is to do, as far as there is room."""
        work, now = self.syncing.work, self.syncing.work.clock()
        kinds = self.syncing.live
        async with work.database.reading() as session:
            if not await pulls.anything_to_do(
                session, now=now, kinds=kinds, silent_since=now - work.lease, schedule=self._schedule
            ):
                return
        async with work.database.writing() as session:
            await take_up(session, self.syncing, spared=self._going.values(), now=now)
            await pulls.enqueue_due(session, now=now, kinds=kinds, schedule=self._schedule)
        while len(self._going) < self._at_once and not self._stopping and (claimed := await self._claim()):
            task = asyncio.create_task(self._pull(*claimed), name=f"pull {claimed[0]}")
            self._going[task] = claimed[1]
            task.add_done_callback(self._ended)

    async def _claim(self, run_id: int | None = None) -> tuple[int, str] | None:
        work, owner = self.syncing.work, runs.new_owner()
        async with work.database.writing() as session:
            run = await connections.service.claim_queued_run(
                session, owner=owner, now=work.clock(), kinds=self.syncing.live, run_id=run_id
            )
        if run is not None and self._stopping:
            await runs.give_back(work.database, run.id, owner)
            return None
        return (run.id, owner) if run else None

    async def _pull(self, run_id: int, owner: str, on_page: runs.OnPage | None = None) -> SyncRun | None:
        try:
            return await carry_out(self.syncing, run_id, owner, on_page)
        except asyncio.CancelledError:
            # Or nobody would go on with it before the lease is over.
            await runs.give_back(self.syncing.work.database, run_id, owner)
            raise

    def _ended(self, task: asyncio.Task[SyncRun | None]) -> None:
        self._going.pop(task, None)
        self.on_room()
        if not task.cancelled() and (error := task.exception()):
            # The database was away. The run is taken up again once it has been silent for the lease.
            _log.error("a pull broke off and will be taken up again", pull=task.get_name(), error=type(error).__name__)

    async def pull_now(self, run_id: int, on_page: runs.OnPage | None = None) -> SyncRun | None:
        """Carry out one run to its end, here. None where another process has it, and lives."""
        work = self.syncing.work
        async with work.database.writing() as session:
            await take_up(session, self.syncing, spared=self._going.values(), now=work.clock())
        claimed = await self._claim(run_id)
        return await self._pull(*claimed, on_page) if claimed else None

    async def settle(self) -> None:
        """Wait until the pulls that go on have ended."""
        while self._going:
            await asyncio.wait(self._going)

    async def stop(self) -> None:
        """Begin nothing more, and end the pulls that go on: another process, or the next one, goes on behind their last
        page. What can't be given back in time, because the database is locked, is taken up after the lease."""
        self._stopping = True
        await asyncio.sleep(0)  # a pull that was just begun must get to where it can give back what it claimed
        until = asyncio.get_running_loop().time() + _STOPS_WITHIN_S
        while self._going and (left := until - asyncio.get_running_loop().time()) > 0:
            for task in self._going:
                task.cancel()
            await asyncio.wait(self._going, timeout=left)
