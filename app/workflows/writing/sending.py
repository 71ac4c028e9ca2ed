"""Sending what the outbox holds: any number of processes may, each write is carried out by one of them at a time.

The database is the truth. A process that is killed in the middle leaves its writes claimed; another one takes them up
once nobody has renewed the claim for the lease, and asks the source how it stands before anything is written again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.core import log
from app.domains.tasks.writes import outbox
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.outbox import Due
from app.workflows import runs
from app.workflows.sync.syncing import Syncing
from app.workflows.writing.one import Sending

_log = log.get(__name__)


@dataclass(slots=True)
class Sender:
    """What one process sends: at most `at_once` writes at a time."""

    syncing: Syncing
    delay: timedelta = timedelta(seconds=5)
    give_up_after: timedelta = timedelta(hours=24)
    at_once: int = 4
    _held: set[int] = field(default_factory=set)

    async def send_due(self) -> bool:
        """Carry out what is due, and wait for its end. Returns whether there was anything."""
        work, owner = self.syncing.work, runs.new_owner()
        due = self._due()
        async with work.database.reading() as session:
            if not await outbox.anything_due(session, due):
                return False
        async with work.database.writing() as session:
            claimed = await outbox.claim(session, due, owner=owner, most=self.at_once)
        if not claimed:
            return False  # another process was quicker, or each waits for an earlier one
        await self._carry_out(claimed, owner)
        return True

    def _due(self) -> Due:
        now = self.syncing.work.clock()
        return Due(now, now - self.delay, now - self.syncing.work.lease)

    async def _carry_out(self, claimed: Sequence[TaskWrite], owner: str) -> None:
        ids = [each.id for each in claimed]
        beating = asyncio.create_task(self._beat(ids, owner))
        try:
            each = (Sending(self.syncing, write_id, owner, self.give_up_after).carry_out() for write_id in ids)
            ended = await asyncio.gather(*each, return_exceptions=True)
        except asyncio.CancelledError:
            await self._give_back(ids, owner)
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        for error in filter(None, ended):
            raise error  # the database was away: what is claimed is taken up after the lease

    async def _beat(self, ids: Sequence[int], owner: str) -> None:
        """Say every third of the lease that the process lives."""
        work = self.syncing.work
        while True:
            await asyncio.sleep(work.lease.total_seconds() / 3)
            try:
                async with work.database.writing() as session:
                    await outbox.sign_of_life(session, ids, owner, now=work.clock())
            except (SQLAlchemyError, OSError) as error:
                _log.warning("no sign of life could be given", writes=ids, error=type(error).__name__)

    async def _give_back(self, ids: Sequence[int], owner: str) -> None:
        """What was begun is tried again at once, by whoever comes next: it may have happened, so it counts as tried."""
        work = self.syncing.work
        async with work.database.writing() as session:
            for write_id in ids:
                await outbox.lock_task(session, (await outbox.get(session, write_id)).task_id)
                row = await outbox.held(session, write_id, owner)
                if row is not None:
                    why = "The process that sent it was stopped."
                    await outbox.put_off(session, row, why, until=work.clock(), tried=True)
