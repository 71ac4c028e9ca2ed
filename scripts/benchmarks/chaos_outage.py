"""Everything is away: how soon that is known, what a person's call costs meanwhile, and how soon all is well again.

Real time, and the program's own settings: nothing is shortened, except in a quick run.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.engine import URL

from app.composition import jobs_from, syncing_from
from app.core.clock import utc_now
from app.core.database import Database
from app.core.errors import Refusing
from app.core.guard import Guard, Mode
from app.domains.connections import pulls
from app.domains.connections.models import SyncRun
from app.integrations.gateways.bound import bind
from app.integrations.gateways.choosing import gateway_from
from app.integrations.gateways.contract import Gateway
from app.integrations.pulling import Account, Tools
from app.integrations.registry import TOOLS
from app.settings import Settings
from app.workflows.importing import Importing
from app.workflows.sync.syncing import Syncing
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.once import PAGE_SIZE, policy
from scripts.benchmarks.pulled import configure, settings_for
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage, running

_ACCOUNT = "ca_gmail"
_REFUSALS = 1000
_PATIENCE_S = 420


@dataclass(slots=True)
class Told:
    """One outage."""

    attempts: int = 0
    """Until the breaker opened."""
    opened_after_s: float = 0.0
    refused_ms: list[float] = field(default_factory=list)
    lasted_s: float = 0.0
    call_after_s: float = 0.0
    """From the return until a background call that waited has its answer."""
    pull_after_s: float = 0.0
    """From the return until the integration's pull has succeeded."""
    failed: int = 0
    """Runs that gave up meanwhile."""


def outages(sheet: Sheet, makers: Makers, *, rounds: int, quick: bool) -> None:
    """The service returns at the worst moment, just after a probe has failed: after the first, and after the fifth."""
    short = [_outage(makers, openings=1 if quick else 2, quick=quick) for _ in range(rounds)]
    sheet.add("attempts until the breaker opens", [each.attempts for each in short], aim=Aim("≤", 3))
    sheet.add("seconds until then, with the waits between", [each.opened_after_s for each in short], "s")
    refused = [ms for each in short for ms in each.refused_ms]
    note = f"{len(refused):,} calls; the longest {max(refused):.2f} ms"
    sheet.add("a person's call meanwhile, p50", percentile(refused, 0.5), "ms")
    sheet.add("a person's call meanwhile, p99", percentile(refused, 0.99), "ms", aim=Aim("≤", 1), note=note)
    _recovery(sheet, short)
    if not quick:
        _recovery(sheet, [_outage(makers, openings=6, quick=quick)])


def _recovery(sheet: Sheet, some: list[Told]) -> None:
    lasted = max(each.lasted_s for each in some)
    note = f"runs that gave up meanwhile: {sum(each.failed for each in some)}"
    what = f"after an outage of {lasted:.0f} s"
    sheet.add(f"{what}, a waiting call has its answer", [each.call_after_s for each in some], "s", aim=Aim("≤", 35))
    sheet.add(f"{what}, the pull has succeeded", [each.pull_after_s for each in some], "s", aim=Aim("≤", 35), note=note)


def _outage(makers: Makers, *, openings: int, quick: bool) -> Told:
    fake = FakeComposio()
    fake.connect(_ACCOUNT, Mailbox(now=utc_now).generate(200))
    url = makers.new()
    with running(fake) as services:
        shortened = {"breaker_rest_s": 1, "retry_first_s": 0.1} if quick else {}
        told = asyncio.run(_round(url, fake, settings_for(text_of(url), services, **shortened), openings))
    makers.drop(url)
    return told


async def _round(url: URL, fake: FakeComposio, settings: Settings, openings: int) -> Told:
    database = Database(text_of(url))
    syncing = syncing_from(settings, Importing(database, policy(), utc_now, page_size=PAGE_SIZE))
    gateway = gateway_from("rest", api_key=settings.composio_api_key, base_url=settings.composio_base_url)
    jobs = jobs_from(settings, syncing)
    made = await configure(database, "gmail", _ACCOUNT, settings={}, due=utc_now())
    jobs.start()
    try:
        await _until(lambda: _succeeded(database, 1))
        async with database.writing() as session:
            await pulls.request(session, made.id, now=utc_now())
        return await _watched(fake, database, _guard(syncing), gateway, openings)
    finally:
        await jobs.stop()
        await syncing.end()
        await gateway.close()
        await database.close()


def _guard(syncing: Syncing) -> Guard:
    """Of the one service that was called."""
    if syncing.guards is None:
        raise AssertionError("the program makes guards for all services")
    return syncing.guards.all()[0]


async def _watched(fake: FakeComposio, database: Database, guard: Guard, gateway: Gateway, openings: int) -> Told:
    """From the beginning of the outage, with a pull that was asked for just now, to the end of that pull."""
    account, told = Account("default", _ACCOUNT), Told()
    person = bind(gateway, guard, account, service="Gmail", mode=Mode.INTERACTIVE, tools=TOOLS)
    patient = bind(gateway, guard, account, service="Gmail", mode=Mode.BACKGROUND, tools=TOOLS)

    async def opened(times: int) -> bool:
        return guard.snapshot().openings >= times

    with outage(fake):
        begun, before = time.perf_counter(), guard.snapshot().attempts
        await _until(lambda: opened(1))
        told.opened_after_s = time.perf_counter() - begun
        told.attempts = guard.snapshot().attempts - before
        told.refused_ms = [await _refused_ms(person) for _ in range(_REFUSALS)]
        await _until(lambda: opened(openings))
        call = asyncio.create_task(_answered_at(patient))
        told.lasted_s = time.perf_counter() - begun
    returned = time.perf_counter()
    await _until(lambda: _succeeded(database, 2))
    told.pull_after_s = time.perf_counter() - returned
    told.call_after_s = await call - returned
    told.failed = await _count(database, "failed")
    return told


async def _refused_ms(tools: Tools) -> float:
    begun = time.perf_counter()
    try:
        await tools("GMAIL_GET_PROFILE")
    except Refusing:
        return (time.perf_counter() - begun) * 1000
    raise RuntimeError("an open breaker let a call through")


async def _answered_at(tools: Tools) -> float:
    await tools("GMAIL_GET_PROFILE")
    return time.perf_counter()


async def _succeeded(database: Database, runs: int) -> bool:
    return await _count(database, "succeeded") >= runs


async def _count(database: Database, state: str) -> int:
    async with database.reading() as session:
        return len((await session.execute(select(SyncRun.id).where(SyncRun.state == state))).all())


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not await holds():
        if time.monotonic() > end:
            raise RuntimeError("what was waited for did not come")
        await asyncio.sleep(0.02)
