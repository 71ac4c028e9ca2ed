"""A kind whose pulls are written down in a test: pages, and what goes wrong between them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.database import Database
from app.domains import connections
from app.domains.connections import kept as kept_answers
from app.domains.connections import pulls
from app.domains.connections.models import Integration, KeptAnswer, SyncRun
from app.integrations.contract import Manifest
from app.integrations.pulling import Live, LiveSettings, Pull, Pulled
from app.integrations.writing import Writing
from app.records import Item, Kept, Person, Read, Refusal
from app.workflows.importing import Importing
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from tests.workflows.pipeline import Pipeline

Step = Pulled | Exception | Callable[[], Any]
"""A page, an error to raise, or something to do (or to wait for) before going on."""


class Settings(LiveSettings):
    colour: str = "red"


@dataclass
class Scripted:
    """What each pull does, in the order in which they come; the last one is repeated. Notes what it was given."""

    pulls: list[list[Step]] = field(default_factory=list)
    seen: list[Pull] = field(default_factory=list)
    readable: bool = False
    """Whether what could not be read can be read now."""

    async def pull(self, pull: Pull, /) -> AsyncIterator[Pulled]:
        self.seen.append(pull)
        script = self.pulls.pop(0) if len(self.pulls) > 1 else self.pulls[0]
        for step in script:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, Pulled):
                yield step
            elif asyncio.iscoroutine(result := step()):
                await result

    async def replay(self, _pull: Pull, kept: Kept, /) -> tuple[Read, ...]:
        what = kept.value["item"] if self.readable else Refusal("it", "It is still no message.")
        return (Read(replace(ITEM, external_id=what) if isinstance(what, str) else what, "it"),)


ITEM = Item(external_id="x", sent_at=None, sender=Person("Anna", "anna@client.example"), subject="Found again")


@dataclass
class Pulling:
    """One process that pulls a scripted kind."""

    pipeline: Pipeline
    source: Scripted = field(default_factory=Scripted)
    writing: Writing | None = None

    @property
    def database(self) -> Database:
        return self.pipeline.database

    def syncing(self, work: Importing | None = None) -> Syncing:
        live = Live(
            service="Scripted",
            toolkit="scripted",
            settings=Settings,
            source=lambda: self.source,
            tools=(),
            version="20260101_00",
            scopes={},
            poll_every=timedelta(minutes=2),
            calls_per_minute=60,
        )
        manifest = Manifest(kind="scripted", title="Scripted", description="", live=live, writing=self.writing)
        return Syncing(work or self.pipeline.work, {"scripted": manifest}, connect=lambda *_: _nothing)

    def dispatcher(self, **given: Any) -> Dispatcher:
        return Dispatcher(self.syncing(), **given)

    async def configured(self, name: str = "ours", **settings: Any) -> int:
        """A new integration that is due."""
        async with self.database.writing() as session:
            made = await connections.service.create(
                session,
                kind="scripted",
                name=name,
                now=self.pipeline.clock(),
                settings=settings,
                gateway={"user_id": "u"},
            )
            made.next_sync_at = self.pipeline.clock()
        return made.id

    async def pull(self, *script: Step) -> SyncRun:
        """Pull what is due to its end, by one pull's script."""
        if script:
            self.source.pulls = [list(script)]
        dispatcher = self.dispatcher()
        async with self.database.writing() as session:
            await pulls.enqueue_due(session, now=self.pipeline.clock(), kinds=["scripted"])
        run = await dispatcher.pull_now(min(run.id for run in await self.runs() if run.state == "queued"))
        assert run is not None
        return run

    async def asked(self, integration_id: int, *script: Step) -> SyncRun:
        """Pull one integration because somebody asks."""
        self.source.pulls = [list(script)]
        async with self.database.writing() as session:
            run = await pulls.request(session, integration_id, now=self.pipeline.clock())
        ended = await self.dispatcher().pull_now(run.id)
        assert ended is not None
        return ended

    async def kept(self, integration_id: int) -> Sequence[KeptAnswer]:
        async with self.database.reading() as session:
            return await kept_answers.every(session, integration_id, limit=100)

    async def place(self, integration_id: int) -> Integration:
        async with self.database.reading() as session:
            return await connections.service.get(session, integration_id)

    async def runs(self) -> Sequence[SyncRun]:
        async with self.database.reading() as session:
            return (await session.execute(select(SyncRun).order_by(SyncRun.id))).scalars().all()


async def _nothing(_tool: str, /, **_arguments: Any) -> Any:
    raise AssertionError("a scripted kind calls nothing")


def page(number: int, *items: Item | Refusal, done: bool = False, gone: tuple[str, ...] = ()) -> Pulled:
    """A page that leaves the cursor at its number."""
    reads = tuple(Read(item, f"thing {at}") for at, item in enumerate(items))
    return Pulled(reads=reads, cursor={"at": number}, done=done, gone=gone, note=f"page {number}")
