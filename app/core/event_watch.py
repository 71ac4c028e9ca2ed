"""Looking for new events once for all the streams of a process: at every commit of its own that tells something, and
every quarter of a second for what other processes commit.

A stream that has nothing to tell costs nothing: it sleeps until it is woken here.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from app.core import acting, events, log
from app.core.bell import wait_for_any
from app.core.database import Database
from app.core.event_sharing import SharedLog

LOOK_EVERY_S = 0.25
_GATHERED_S = 0.01
"""Commits that follow each other this closely wake the streams once."""
_log = log.get(__name__)


class Watch:
    """Wakes who follows when there is something new. It looks only while anybody follows."""

    def __init__(self) -> None:
        self._closed = asyncio.Event()
        self._followers: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None
        self._away = False
        self.rights = 0
        """Grows whenever somebody's rights were changed in this process."""

    @contextmanager
    def following(self, shared: SharedLog) -> Iterator[asyncio.Event]:
        """Inside, the event is set whenever there may be something new; also at first."""
        news = asyncio.Event()
        self._followers.add(news)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(shared), name="watch for events")
        try:
            yield news
        finally:
            self._followers.discard(news)

    def rights_changed(self) -> None:
        """Wakes all who follow, to look whether they still may listen."""
        self.rights += 1
        for each in self._followers:
            each.set()

    def close(self) -> None:
        self._closed.set()

    async def rest(self, news: asyncio.Event, seconds: float) -> bool:
        """Wait for news. Returns False where the streams are to end."""
        await wait_for_any(news, self._closed, seconds=seconds)
        return not self._closed.is_set()

    async def _look(self, shared: SharedLog) -> None:
        known: int | None = None
        database = shared.database
        with acting.acting_as(acting.PROGRAM), database.bell.listening() as rung:
            while self._followers and not self._closed.is_set():
                rung.clear()
                newest = await self._newest(database)
                if newest is not None and newest != known:
                    known = newest
                    shared.renew()
                    for each in self._followers:
                        each.set()
                await wait_for_any(rung, self._closed, seconds=LOOK_EVERY_S)
                if rung.is_set():
                    await asyncio.sleep(_GATHERED_S)

    async def _newest(self, database: Database) -> int | None:
        """Id of the newest event; None while the database does not answer: the streams stay, and are silent."""
        try:
            async with database.reading() as session:
                newest = await events.newest(session)
        except (SQLAlchemyError, OSError) as error:
            if not self._away:
                _log.warning("events can't be looked for", error=type(error).__name__)
            self._away = True
            return None
        self._away = False
        return newest
