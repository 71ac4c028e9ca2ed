"""Whole pulls while services fail at random: in the end the database holds what it would hold without failures.

The jobs run as in the program: what fails is tried again when it is due. All its waits are a tenth of the program's
(retries, the breaker's rest, the budget of a call, the time between runs), Retry-After excepted, and no rate holds the
calls back; the thresholds are those of the program.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.core.guard import Guards, GuardSettings, Mode
from app.domains.connections.models import Integration, SyncRun
from app.domains.connections.rules import Backoff
from app.integrations.gateways.bound import bind
from app.integrations.gateways.choosing import gateway_from
from app.integrations.pulling import Account, Live, Tools
from app.integrations.registry import KINDS, TOOLS
from app.workflows.importing import Importing
from app.workflows.jobs import Jobs, Pulling
from app.workflows.sync.dispatching import Dispatcher
from app.workflows.sync.syncing import Syncing
from scripts.benchmarks.chaos_calls import CHANCE, PATIENCE_S, SLOW_S
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.once import PAGE_SIZE, policy
from scripts.benchmarks.pulled import configure, settings_for
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from scripts.fake_composio.slack import Workspace
from scripts.soaking.comparing import differences, held

_TENTH = GuardSettings(
    breaker_rest_s=3,
    background_budget_s=18,
    retry_first_s=0.2,
    retry_most_s=3,
    attempt_most_s=PATIENCE_S,
)
_BACKOFF = Backoff(timedelta(seconds=1.5), timedelta(seconds=6))
_ODDITIES = 0.2
_PATIENCE_S = 1200
_SETTINGS: dict[str, dict[str, object]] = {"gmail": {}, "slack": {}, "notion": {"page_content": "none"}}


@dataclass(frozen=True, slots=True)
class Run:
    """How the pulls of all three kinds came to their end."""

    took_s: float
    failed: int
    """Runs that were tried again."""
    calls: int
    spoilt: int
    """Requests that a fault met."""
    openings: int


def faulty_pulls(sheet: Sheet, makers: Makers, *, rounds: int, small: bool) -> None:
    """Mail, Slack and Notion at once, three requests in ten failing and one page in five strange but true."""
    sizes = (300, 100, 100) if small else (3000, 1000, 1000)
    fake = _world(*sizes)
    whole = makers.new()
    with running(fake) as services:
        quiet = asyncio.run(_pulls(whole, fake, services))
        runs, wrong = [], []
        for seed in range(1, rounds + 1):
            fake.faults.mix(CHANCE, seed, slow_s=SLOW_S, oddities=_ODDITIES)
            url = makers.new()
            runs.append(asyncio.run(_pulls(url, fake, services)))
            fake.faults.clear()
            wrong.append(differences(held(url), held(whole)))
            makers.drop(url)
    items = len(held(whole).items)
    makers.drop(whole)
    told = (
        "; ".join(each for some in wrong for each in some) or f"{items:,} items of {sum(sizes):,} made, in each round"
    )
    sheet.add("differences from pulls without failures", sum(map(len, wrong)), aim=Aim("≤", 0), note=told)
    calls = ", ".join(f"{run.spoilt} of {run.calls}" for run in runs)
    sheet.add("requests that went wrong or were strange", [run.spoilt for run in runs], note=calls)
    sheet.add("times that a breaker opened", [run.openings for run in runs], note="at 3 failures in a row")
    sheet.add("runs that failed and were made again", [run.failed for run in runs])
    sheet.add(
        "until all three were there", [run.took_s for run in runs], "s", note=f"without faults {quiet.took_s:.1f} s"
    )


def _world(mails: int, messages: int, rows: int) -> FakeComposio:
    fake = FakeComposio()
    fake.connect("ca_gmail", Mailbox(now=utc_now).generate(mails, seed=5))
    fake.connect("ca_slack", Workspace(utc_now).generate(10, messages, seed=5))
    fake.connect("ca_notion", NotionSpace(now=utc_now).generate(4, rows // 4, seed=5))
    return fake


async def _pulls(url: URL, fake: FakeComposio, services: str) -> Run:
    """Until each kind's integration has succeeded."""
    database, guards = Database(text_of(url)), Guards(_TENTH)
    settings = settings_for(text_of(url), services)
    gateway = gateway_from("rest", api_key=settings.composio_api_key, base_url=services)

    def connect(live: Live, account: Account, mode: Mode) -> Tools:
        guard = guards.of(f"composio:{live.toolkit}", name=live.service)
        return bind(gateway, guard, account, service=live.service, mode=mode, tools=TOOLS)

    work = Importing(database, policy(), utc_now, page_size=PAGE_SIZE)
    syncing = Syncing(work, KINDS, connect=connect, close=gateway.close, backoff=_BACKOFF, guards=guards)
    pulling = Pulling(Dispatcher(syncing), look_every_s=0.1)
    jobs = Jobs(work, every_s=5, batch=200, pulling=pulling)
    fake.calls.clear()
    for kind, own in _SETTINGS.items():
        await configure(database, kind, f"ca_{kind}", name=kind, settings=own, due=utc_now())
    begun = time.perf_counter()
    jobs.start()
    try:
        await _all_succeeded(database)
    finally:
        await jobs.stop()
        await syncing.end()
    took = time.perf_counter() - begun
    async with database.reading() as session:
        failed = select(func.count()).where(SyncRun.state == "failed")
        count = (await session.execute(failed)).scalar_one()
    await database.close()
    openings = sum(guard.snapshot().openings for guard in guards.all())
    return Run(took, count, len(fake.calls), sum(bool(call.faults) for call in fake.calls), openings)


async def _all_succeeded(database: Database) -> None:
    until = time.monotonic() + _PATIENCE_S
    waiting = select(func.count()).where(Integration.last_success_at.is_(None))
    while time.monotonic() < until:
        async with database.reading() as session:
            if not (await session.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.1)
    async with database.reading() as session:
        rows = await session.execute(select(Integration.kind, Integration.state, Integration.last_error))
        raise RuntimeError(f"not all pulls came to their end: {[tuple(row) for row in rows]}")
