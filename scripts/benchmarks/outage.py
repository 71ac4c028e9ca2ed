"""A gateway that goes away and comes back, before fifty integrations of three kinds: what people are told of it.

Real processes, as they run in production: on SQLite a server that does all, on Postgres a server that only answers and
two workers. The stand-in refuses connections for a while, and accepts them again. Nothing is restarted. Retries, the
breaker's rest and the settling are those of the program, except in a quick run; only polls come more often, because an
hour's outage can't be waited for.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.core.events import Event
from app.domains.connections.models import Integration
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.pulled import KEY, configure
from scripts.benchmarks.serving import Server, watchfloor, worker
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage as away
from scripts.fake_composio.serving import running
from scripts.fake_composio.slack import Workspace

_INTEGRATIONS = 50
_KINDS = ("gmail", "slack", "notion")
_PATIENCE_S = 600
_DUE_EVERY_S = 2.0
"""All that rests is made due so often: as if an hour of polls passed in minutes."""
_QUICK = {"LEVEL_SETTLES_S": "2", "WATCH_EVERY_S": "1", "BREAKER_REST_S": "3", "BACKGROUND_BUDGET_S": "20"}


@dataclass(slots=True)
class Told:
    """What was told, and when, in seconds since the outage began or ended."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    """Events `level.changed`, oldest first."""
    critical_after_s: float = 0.0
    normal_after_s: float = 0.0
    lasted_s: float = 0.0

    @property
    def whole(self) -> list[dict[str, Any]]:
        return [each for each in self.changes if each["name"] == "overall"]


def outage(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """The level of the whole changes once, with one reason, and once back."""
    sheet = Sheet("Outage", makers.kind)
    told = _watched(makers, folder, lasts_s=15 if quick else 120, **(_QUICK if quick else {}))
    levels = "; ".join(f"{each['level']}: {each['reason']}" for each in told.whole)
    names = ", ".join(each["name"] for each in told.changes)
    sheet.add("integrations", _INTEGRATIONS, note=f"of {len(_KINDS)} kinds; away for {told.lasted_s:.0f} s")
    sheet.add("changes of the whole", len(told.whole), aim=Aim("≤", 2), note=levels)
    sheet.add("changes that were told in all", len(told.changes), aim=Aim("≤", 4), note=names)
    reasons = {each["reason"] for each in told.whole if each["level"] != "NORMAL"}
    sheet.add("reasons", len(reasons), aim=Aim("≤", 1))
    sheet.add("from the outage until it is told", told.critical_after_s, "s", aim=Aim("≤", 60))
    sheet.add("from the return until all is told to be well", told.normal_after_s, "s", aim=Aim("≤", 120))
    return sheet


def _watched(makers: Makers, folder: Path, *, lasts_s: float, **settings: str) -> Told:
    fake, url = _world(), makers.new()
    with running(fake) as services:
        given = {"COMPOSIO_API_KEY": KEY, "COMPOSIO_BASE_URL": services, **settings}
        asyncio.run(_configure(text_of(url)))
        with _processes(url, folder, makers.kind, given) as server:
            asyncio.run(_pulled_once(text_of(url)))
            told = asyncio.run(_course(fake, text_of(url), server, lasts_s))
    makers.drop(url)
    return told


def _world() -> FakeComposio:
    fake = FakeComposio()
    fake.connect("ca_gmail", Mailbox(now=utc_now).generate(20))
    fake.connect("ca_slack", Workspace(now=utc_now).generate(2, 10))
    fake.connect("ca_notion", NotionSpace(now=utc_now).generate(1, 5))
    return fake


async def _configure(url: str) -> None:
    database = Database(url)
    for number in range(_INTEGRATIONS):
        kind = _KINDS[number % len(_KINDS)]
        name = f"{kind} {number}"
        settings = {"page_content": "none"} if kind == "notion" else {}
        await configure(database, kind, f"ca_{kind}", name=name, settings=settings, due=utc_now())
    await database.close()


@contextmanager
def _processes(url: URL, folder: Path, kind: str, given: dict[str, str]) -> Iterator[Server]:
    with ExitStack() as stack:
        if kind == "sqlite":
            yield stack.enter_context(watchfloor(url, folder, **given))
            return
        server = stack.enter_context(watchfloor(url, folder, "--no-jobs", **given))
        for name in ("one", "other"):
            stack.enter_context(worker(url, folder, name, **given))
        yield server


async def _pulled_once(url: str) -> None:
    """Wait until all was pulled and well."""
    database = Database(url)
    query = select(func.count()).where(Integration.last_success_at.is_not(None))
    end = time.monotonic() + _PATIENCE_S
    while await _count(database, query) < _INTEGRATIONS:
        await _wait(end)
    await database.close()


async def _course(fake: FakeComposio, url: str, server: Server, lasts_s: float) -> Told:
    database, told = Database(url), Told()
    await _until(server, "NORMAL")
    async with database.reading() as session:
        before = (await session.execute(select(func.coalesce(func.max(Event.id), 0)))).scalar_one()
    polling = asyncio.create_task(_poll(database))
    begun = time.monotonic()
    with away(fake):
        told.critical_after_s = await _until(server, "CRITICAL")
        await asyncio.sleep(max(0.0, begun + lasts_s - time.monotonic()))
        told.lasted_s = time.monotonic() - begun
    told.normal_after_s = await _until(server, "NORMAL")
    await asyncio.sleep(15)  # nothing more may follow
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    async with database.reading() as session:
        query = select(Event.data).where(Event.type == "level.changed", Event.id > before).order_by(Event.id)
        told.changes = list((await session.execute(query)).scalars())
    await database.close()
    return told


async def _poll(database: Database) -> None:
    """Make due what rests after a success."""
    while True:
        async with database.writing() as session:
            resting = (Integration.failures == 0, Integration.next_sync_at > utc_now() + timedelta(seconds=20))
            due = select(Integration.id).where(*resting).order_by(Integration.next_sync_at).limit(3)
            ids = (await session.execute(due)).scalars().all()
            await session.execute(update(Integration).where(Integration.id.in_(ids)).values(next_sync_at=utc_now()))
        await asyncio.sleep(_DUE_EVERY_S)


def _level(server: Server) -> str:
    client = server.client()
    _, content = client.ask("GET", "/health")
    client.close()
    return str(json.loads(content)["level"])


async def _until(server: Server, level: str) -> float:
    """Seconds until it is told."""
    begun = time.monotonic()
    while await asyncio.to_thread(_level, server) != level:
        await _wait(begun + _PATIENCE_S)
    return time.monotonic() - begun


async def _wait(end: float) -> None:
    if time.monotonic() > end:
        raise RuntimeError("what was waited for did not come")
    await asyncio.sleep(0.1)


async def _count(database: Database, query: Any) -> int:
    async with database.reading() as session:
        return int((await session.execute(query)).scalar_one())
