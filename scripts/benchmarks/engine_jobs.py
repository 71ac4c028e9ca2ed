"""A kind whose pulls are made up, and the process that carries them out, by our own loop or by another engine:
`python -m scripts.benchmarks.engine_jobs '{"engine": "ours", …}'`.

It says `ready`, obeys what comes on its standard input (`ask 7`: pull integration 7 now), and lives until it is killed.
Whatever is read is noted in a file that all processes share: what was read twice, and when, is seen there.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.core import log
from app.core.clock import utc_now
from app.core.database import Database
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.integrations.contract import Manifest
from app.integrations.pulling import Live, LiveSettings, Pull, Pulled
from app.records import Item, Kept, Person, Read
from app.workflows.importing import Importing
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from scripts.benchmarks.once import policy

KIND = "paged"
LOOK_EVERY_S = 1.0
"""As the program's own loop."""


class Paged(LiveSettings):
    """An integration of `pages` pages, each of which takes `page_s` to come."""

    place: str = ""
    pages: int = 20
    page_s: float = 0.05


@dataclass(frozen=True, slots=True)
class Given:
    """What a process is told at its start."""

    engine: str
    url: str
    log: str
    at_once: int = 4
    executor: str = "one"
    """Other engines know their processes by such names."""
    version: str = "1"
    poll_s: float = 1.0
    """How often another engine looks at its queue."""
    locked: bool = True
    """Whether another engine's process says that it lives, and takes up what others left (on Postgres)."""
    extra_step: bool = False
    """The program was changed: its job takes one more step."""
    dies_after_page: int = 0
    """It kills itself as soon as the database holds this page."""


class Engine(Protocol):
    """What the process does with its standard input's lines."""

    async def ask(self, integration_id: int) -> None: ...

    async def look(self) -> None:
        """Do what is due; called each second, and after `ask`."""
        ...


class Reading:
    """Takes the time of a page, and notes it."""

    def __init__(self, log: str) -> None:
        self._log = log

    def note(self, what: str, place: str, page: int = 0) -> None:
        with Path(self._log).open("a") as file:
            file.write(f"{time.time():.4f} {os.getpid()} {what} {place} {page}\n")

    async def page(self, settings: Paged, page: int) -> Item:
        self.note("page", settings.place, page)
        await asyncio.sleep(settings.page_s)
        return item(settings.place, page, os.getpid())


def item(place: str, page: int, process: int) -> Item:
    sender = Person("Anna", "anna@client.example")
    return Item(external_id=f"{place}-{page}", sent_at=utc_now(), sender=sender, subject=f"Page {page} by {process}")


@dataclass(frozen=True, slots=True)
class _Source:
    reading: Reading

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        settings: Paged = pull.settings
        self.reading.note("begun", settings.place)
        stored = int(pull.cursor.get("at", 0)) % settings.pages  # behind the last page it begins anew
        for page in range(stored + 1, settings.pages + 1):
            read = Read(await self.reading.page(settings, page), f"page {page}")
            yield Pulled(reads=(read,), cursor={"at": page}, done=page == settings.pages)

    async def replay(self, _pull: Pull, _kept: Kept, /) -> tuple[Read, ...]:
        return ()


def syncing_for(given: Given) -> tuple[Syncing, Reading]:
    reading = Reading(given.log)
    live = Live(
        service="Paged",
        toolkit=KIND,
        settings=Paged,
        source=lambda: _Source(reading),
        tools=(),
        version="20260101_00",
        scopes={},
        poll_every=timedelta(hours=1),
        calls_per_minute=60,
    )
    manifest = Manifest(kind=KIND, title="Paged", description="", live=live)
    work = Importing(Database(given.url), policy(), utc_now)
    return Syncing(work, {KIND: manifest}, connect=lambda *_: _no_tool), reading


async def _no_tool(_tool: str, /, **_arguments: Any) -> Any:
    raise AssertionError("a made-up kind calls nothing")


class Ours:
    """The part of app.workflows.jobs that pulls."""

    def __init__(self, given: Given, again: Callable[[], None]) -> None:
        self._syncing, _ = syncing_for(given)
        self._dispatcher = Dispatcher(self._syncing, at_once=given.at_once)
        self._dispatcher.on_room = again

    async def ask(self, integration_id: int) -> None:
        async with self._syncing.work.database.writing() as session:
            await pulls.request(session, integration_id, now=utc_now())

    async def look(self) -> None:
        await self._dispatcher.look()


class Idle:
    """The program's modules and an open database, and nothing that works."""

    def __init__(self, given: Given) -> None:
        self._syncing, _ = syncing_for(given)

    async def ask(self, _integration_id: int) -> None:
        await self._syncing.work.database.ping()

    async def look(self) -> None:
        return


def die_after(page: int) -> None:
    """Kill this process right after the commit that holds this page of a pull."""

    def remember(session: Session, *_: object) -> None:
        for row in session.dirty:
            if isinstance(row, SyncRun) and inspect(row).attrs.pages.history.has_changes():
                session.info["page"] = row.pages

    def die(session: Session) -> None:
        if session.info.get("page") == page:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "before_flush", remember)
    event.listen(Session, "after_commit", die)


async def _engine(given: Given, again: Callable[[], None]) -> Engine:
    if given.engine == "ours":
        return Ours(given, again)
    if given.engine == "none":
        return Idle(given)
    from scripts.benchmarks import other_engines  # noqa: PLC0415 - what it needs is not installed everywhere

    return await other_engines.start(given)


async def work(given: Given) -> None:
    log.configure("WARNING", "json")
    if given.dies_after_page:
        die_after(given.dies_after_page)
    asked = asyncio.Event()
    engine = await _engine(given, asked.set)
    obeying = asyncio.create_task(_obey(engine, asked.set))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not obeying.done():
        await engine.look()
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), LOOK_EVERY_S)
        asked.clear()
    await obeying


async def _obey(engine: Engine, again: Callable[[], None]) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().split():
        command: Callable[[int], Awaitable[None]] = getattr(engine, line[0])
        await command(int(line[1]))
        again()


if __name__ == "__main__":
    asyncio.run(work(Given(**json.loads(sys.argv[1]))))
