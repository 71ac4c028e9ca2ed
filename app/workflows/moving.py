"""Telling those who watch that the clock or other rules moved tasks: about once a second, however many slices move."""

import time
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, after_commit
from app.domains.tasks import announcing

_EVERY_S = 1.0
CLOCK = "clock"


class Moves:
    """What was moved and not told yet. One for each process that keeps scores.

    The first slice tells in its own transaction; what follows within a second is told with a later one, or by `rest`:
    it comes about a second late, and not at all where the process is killed in that second.
    """

    def __init__(self, every_s: float = _EVERY_S) -> None:
        self._every_s = every_s
        self._told_at = float("-inf")
        self._untold: set[int] = set()

    async def moved(self, session: AsyncSession, ids: Collection[int], now: datetime) -> None:
        """These were moved by this transaction."""
        self._untold.update(ids)
        await self._tell(session, now)

    async def rest(self, database: Database, now: datetime, *, over: bool) -> None:
        """Tell what is untold, where it is time, or all is done."""
        if self._untold and (over or self._is_time()):
            async with database.writing() as session:
                await self._tell(session, now, over=over)

    async def _tell(self, session: AsyncSession, now: datetime, *, over: bool = False) -> None:
        if self._untold and (over or self._is_time()):
            told = frozenset(self._untold)
            await announcing.tell_queue(session, told, actor=CLOCK, now=now)
            after_commit(session, lambda: self._hold(told))

    def _hold(self, told: frozenset[int]) -> None:
        """Only now it was told: a transaction that fails tells nobody."""
        self._untold -= told
        self._told_at = time.monotonic()

    def _is_time(self) -> bool:
        return time.monotonic() - self._told_at >= self._every_s
