"""Sending what the outbox holds: any number of processes may, each write is carried out by one of them at a time.

The database is the truth. A process that is killed in the middle leaves its writes claimed; another one takes them up
once nobody has renewed the claim for the lease, and asks the source how it stands before anything is written again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.core import log
from app.domains.tasks.writes import outbox
from app.domains.tasks.writes.outbox import Due
from app.workflows import runs
from app.workflows.sync.syncing import Syncing
from app.workflows.writing.one import Sending

_STOPS_WITHIN_S = 5.0
_log = log.get(__name__)


def _nothing() -> None:
    """Nobody waits for room."""


@dataclass(slots=True)
class Sender:
    """What one process sends: at most `at_once` writes at a time, and `of_each` of one integration."""

    syncing: Syncing
    delay: timedelta = timedelta(seconds=5)
    give_up_after: timedelta = timedelta(hours=24)
    at_once: int = 8
    of_each: int = 2
    on_room: Callable[[], None] = _nothing
    """Is called when a write has ended: more may wait than there was room for."""
    _owner: str = field(default_factory=runs.new_owner)
    _going: dict[asyncio.Task[None], tuple[int, int]] = field(default_factory=dict)
    """Each with the write's id and its integration's."""
    _beating: asyncio.Task[None] | None = None
    _stopping: bool = False

    async def send_due(self) -> bool:
        """Begin what is due, as far as there is room; it goes on beside. Returns whether anything was begun."""
        room = self.at_once - len(self._going)
        if room <= 0 or self._stopping:
            return False
        work, due = self.syncing.work, self._due()
        async with work.database.reading() as session:
            if not await outbox.anything_due(session, due):
                return False
        going = dict(self._going.values())
        async with work.database.writing() as session:
            claimed = await outbox.claim(session, due, owner=self._owner, most=room, of_each=self.of_each, going=going)
            begun = [(each.id, each.integration_id) for each in claimed]
        for write_id, integration_id in begun:
            sending = Sending(self.syncing, write_id, self._owner, self.give_up_after)
            task = asyncio.create_task(sending.carry_out(), name=f"write {write_id}")
            self._going[task] = (write_id, integration_id)
            task.add_done_callback(self._ended)
        if begun and (self._beating is None or self._beating.done() or self._beating.cancelling()):
            self._beating = asyncio.create_task(self._beat(), name="signs of life of writes")
        return bool(begun)

    async def settle(self) -> None:
        """Wait until the writes that go on have ended."""
        while self._going:
            await asyncio.wait(self._going)

    async def stop(self) -> None:
        """Begin nothing more, end what goes on, and give it back: whoever comes next looks at the source and goes on.
        What can't be given back in time, because the database is locked, is taken up after the lease."""
        self._stopping = True
        begun = [write_id for write_id, _ in self._going.values()]
        for task in self._going:
            task.cancel()
        if self._going:
            await asyncio.wait(self._going, timeout=_STOPS_WITHIN_S)
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        for write_id in begun:
            await self._give_back(write_id)

    def _due(self) -> Due:
        now = self.syncing.work.clock()
        return Due(now, now - self.delay, now - self.syncing.work.lease)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._going.pop(task, None)
        if not self._going and self._beating is not None:
            self._beating.cancel()
        self.on_room()
        if not task.cancelled() and (error := task.exception()):
            # The database was away. The write is taken up again once nobody has renewed its claim for the lease.
            _log.error("a write broke off, to be taken up again", write=task.get_name(), error=type(error).__name__)

    async def _beat(self) -> None:
        """Say every third of the lease that the process lives, as long as anything goes on."""
        work = self.syncing.work
        while self._going:
            await asyncio.sleep(work.lease.total_seconds() / 3)
            ids = [write_id for write_id, _ in self._going.values()]
            try:
                async with work.database.writing() as session:
                    await outbox.sign_of_life(session, ids, self._owner, now=work.clock())
            except (SQLAlchemyError, OSError) as error:
                _log.warning("no sign of life could be given", writes=ids, error=type(error).__name__)

    async def _give_back(self, write_id: int) -> None:
        """What was begun is tried again at once: it may have happened, so it counts as tried. Each by itself: tasks are
        locked in the order of their ids, and these come in another."""
        work = self.syncing.work
        async with work.database.writing() as session:
            row = await outbox.held_with_task(session, write_id, self._owner)
            if row is not None:
                why = "The process that sent it was stopped."
                await outbox.put_off(session, row, why, now=work.clock(), until=work.clock(), tried=True)
