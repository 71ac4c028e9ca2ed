"""The watch of one process: says that it lives, looks how everything stands, and tells what changed.

Any number of processes watch the same. A change is decided under a lock by what is stored, so that it is told once.
A look is one reading transaction; it is written only where something changed, or a sign of life is due.
"""

import asyncio
import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app import __version__
from app.core import events, log
from app.core.database import one_at_a_time
from app.domains.monitoring import outside, standing
from app.domains.monitoring.models import Process
from app.domains.monitoring.rules import Part
from app.domains.monitoring.settling import Seen, Told, settled
from app.workflows.repeating import pause, repeat
from app.workflows.sync.standing import own_services
from app.workflows.sync.syncing import Syncing
from app.workflows.watch import marking
from app.workflows.watch.picture import Picture, look

_log = log.get(__name__)
_FORGOTTEN_AFTER = timedelta(days=1)
_MISSED = 3
"""So many looks without a sign of life, and the lease on top: then it is taken for dead."""
_GRACE_S = 1.0
ONLY_ANSWERS = "serve --no-jobs"
"""The role of a process that carries out nothing."""
_SIGN_EVERY = 2
"""Looks between two signs of life where nothing changed."""


class Watch:
    """The watch of this process. It looks `every_s`; what got worse is told once it has stayed so for `settles_s`."""

    def __init__(
        self, syncing: Syncing, *, role: str, port: int | None = None, every_s: float = 5, settles_s: float = 10
    ) -> None:
        """`role` is for people; in any but ONLY_ANSWERS the process carries out what is due. `port`: where it answers
        requests, if it does."""
        self._every = timedelta(seconds=every_s)
        self.id = secrets.token_hex(16)
        self._syncing = syncing
        self._role = role
        self._port = port
        self._jobs = role != ONLY_ANSWERS
        self._settles = timedelta(seconds=settles_s)
        self._started_at = syncing.work.clock()
        self._said: tuple[Any, ...] | None = None
        self._said_at: datetime | None = None
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.asking: dict[str, asyncio.Task[Any]] = {}
        """Questions of the database that go on, by what they are about: one that hangs is not asked twice."""

    def start(self) -> None:
        """Begin in the background of the running event loop."""
        self._task = asyncio.create_task(repeat(self.look, self._rest, self._stopping), name="watch")

    async def stop(self) -> None:
        """End, and sign off: nobody shall wait for this process's silence to be long enough."""
        self._stopping.set()
        if self._task is None:
            return
        _, late = await asyncio.wait([self._task], timeout=_GRACE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.leave()

    @property
    def process(self) -> Process | None:
        """This process as it stands now; None before it was seen to live."""
        return None if self._said_at is None else self._me(self._syncing.work.clock())

    async def _rest(self) -> None:
        await pause(self._stopping, self._every.total_seconds())

    async def look(self) -> bool:
        """One look. Returns whether tasks are still to be marked: then look again soon."""
        database, now = self._syncing.work.database, self._syncing.work.clock()
        me = self._me(now)
        async with database.reading() as session:
            picture = await look(session, self._syncing, now=now, me=me)
        await self._say(me, now)
        if changed(picture, self._settles):
            async with database.writing() as session:
                await self._tell(session, now, me)
        return self._jobs and await marking.mark(self._syncing.work, now=now)

    async def leave(self) -> None:
        """Remove this process's row."""
        if self._said_at is None:
            return
        try:
            async with self._syncing.work.database.writing() as session:
                await standing.forget(session, process_id=self.id)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("this process could not be signed off", error=type(error).__name__)

    def _me(self, now: datetime) -> Process:
        return Process(
            id=self.id,
            role=self._role,
            host=socket.gethostname()[:200],
            pid=os.getpid(),
            port=self._port,
            version=__version__,
            started_at=self._started_at,
            seen_at=now,
            lives_until=now + _MISSED * self._every + self._syncing.work.lease,
            jobs=self._jobs,
            pulls=bool(self._syncing.connect) and self._syncing.composio,
            schedule=self._syncing.schedule,
            guards=[outside.to_json(each) for each in own_services(self._syncing)],
            troubles=dict(self._syncing.troubles),
        )

    async def _say(self, me: Process, now: datetime) -> None:
        """Write this process's row where it says something new, or must say that it lives."""
        says = (me.troubles, [(each["key"], each["state"], each["failures"], each["failed"]) for each in me.guards])
        lately = self._said_at is not None and timedelta(0) <= now - self._said_at < _SIGN_EVERY * self._every
        if says == self._said and lately:
            return
        row = {column.key: getattr(me, column.key) for column in Process.__table__.columns}
        async with self._syncing.work.database.writing() as session:
            await standing.sign_of_life(session, row)
            await standing.forget(session, unseen_since=now - _FORGOTTEN_AFTER)
        self._said, self._said_at = says, now

    async def _tell(self, session: AsyncSession, now: datetime, me: Process) -> None:
        """Settle again under the lock, by what is stored then, and store and tell what changed."""
        await one_at_a_time(session, "levels")
        picture = await look(session, self._syncing, now=now, me=me)
        before = {name: standing.told_of(row) for name, row in picture.stored.items()}
        after = settle_all(picture, before, self._settles)
        await standing.keep(session, {name: told for name, told in after.items() if told != before.get(name)})
        await standing.drop(session, [name for name in before if name not in after])
        parts = {part.name: part for part in picture.parts}
        for name, told in after.items():
            if name in before and _is_news(before[name], told):
                await _say_change(session, parts.get(name), before[name], told, now)


def settle_all(picture: Picture, before: dict[str, Told], settles: timedelta) -> dict[str, Told]:
    """By name, what is told from now on of each part and of the whole."""
    now, whole = picture.view.now, picture.whole
    found = {
        part.name: settled(
            before.get(part.name),
            Seen(part.level, part.reason, part.folded, part.returning, part.returning),
            now,
            settles,
        )
        for part in picture.parts
    }
    seen = Seen(whole.level, whole.reason, returning=whole.returning, passes=whole.passes)
    found[standing.OVERALL] = settled(before.get(standing.OVERALL), seen, now, settles)
    return found


def changed(picture: Picture, settles: timedelta) -> bool:
    """Whether there is anything to store."""
    before = {name: standing.told_of(row) for name, row in picture.stored.items()}
    return settle_all(picture, before, settles) != before


def _is_news(before: Told, told: Told) -> bool:
    """Another level; not of a part that is folded, as its cause was told. What a cause gives back is news only where
    something else is wrong with it by now."""
    if told.folded:
        return False
    return told.level != "NORMAL" if before.folded else told.level != before.level


async def _say_change(session: AsyncSession, part: Part | None, before: Told, told: Told, now: datetime) -> None:
    """To streams and to the log."""
    title = part.title if part else standing.OVERALL
    data: dict[str, Any] = {
        "name": title,
        "kind": part.kind if part else standing.OVERALL,
        "level": told.level,
        "before": before.level,
        "reason": told.reason,
        "since": told.since.isoformat().replace("+00:00", "Z"),
    }
    place = part.name.removeprefix(standing.PREFIX) if part else ""
    whose = {"integration": int(place)} if place.isdigit() else {}
    await events.append(session, "level.changed", {**data, **whose}, now=now)
    say = _log.info if told.level == "NORMAL" else _log.warning
    said: dict[str, Any] = {name: value for name, value in data.items() if name != "kind"}
    say("a level changed", part=said.pop("name"), **said)


def levels_told(picture: Picture, settles: timedelta) -> dict[str, Told]:
    """As `settle_all`, for those who only look: what is stored while a process watches, else what is seen now."""
    before = {name: standing.told_of(row) for name, row in picture.stored.items()}
    return settle_all(picture, before, settles if picture.processes else timedelta(0))
