"""One look at the log for all streams of a process that stand at the same place: they are woken together, and most of
them ask the same question."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, events
from app.core.database import Database

Audience = Callable[[AsyncSession], Awaitable[Any]]
"""Reads, in the session in which events were just read, what says who may hear of them."""

_SHARED_FOR_S = 0.1
"""A stream that looks by itself, because on Postgres something earlier may still commit, is content with that."""


class SharedLog:
    """The log as the streams of one process read it."""

    def __init__(self, database: Database, audience: Audience) -> None:
        self.database = database
        self._audience = audience
        self._looks: dict[tuple[int, int], tuple[float, asyncio.Task[events.Look]]] = {}

    def renew(self) -> None:
        """There may be something new: who asks from now on is not answered by what was read before."""
        self._looks.clear()

    async def behind(self, after: int, limit: int) -> events.Look:
        """What stands behind `after`, and who may hear of it. Raises what the database raises."""
        now = time.monotonic()
        began, look = self._looks.get((after, limit), (0.0, None))
        if look is None or now - began > _SHARED_FOR_S:
            look = asyncio.create_task(self._look(after, limit), name="look at the log")
            look.add_done_callback(_noted)
            self._looks[after, limit] = now, look
        return await asyncio.shield(look)  # whoever goes away takes it from nobody else

    async def _look(self, after: int, limit: int) -> events.Look:
        with acting.acting_as(acting.PROGRAM):
            async with self.database.reading() as session:
                rows = await events.behind(session, after, limit)
                return events.Look(rows, await self._audience(session) if rows else None)


def _noted(look: "asyncio.Task[events.Look]") -> None:
    """Where all who waited went away, nobody hears how it failed."""
    if not look.cancelled():
        look.exception()
