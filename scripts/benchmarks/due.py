"""Many integrations that are due at the same moment: on Postgres for two workers, on SQLite for one serving process."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import NullPool, create_engine, func, select, update
from sqlalchemy.engine import URL, Engine

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.connections.models import Integration, SyncRun
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.machine import processor_s
from scripts.benchmarks.pulled import KEY, configure
from scripts.benchmarks.serving import watchfloor, worker
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running

_MAILS = 5
_LOOK_S = 0.05
_PATIENCE_S = 300
NOT_NOW = timedelta(days=1)
_TICKS = ("first pull of each", "nothing new, at once after", "nothing new, after a minute")
_MINUTE_S = 60
"""After a minute without calls no rate holds back what comes; without that rest the service's rate is measured."""


def due_at_once(sheet: Sheet, makers: Makers, folder: Path, *, count: int, rested: bool = True) -> None:
    """Three ticks: in each, every integration is due at once, and has to be pulled once. Before the last is a rest."""
    url = makers.new()
    fake = FakeComposio()
    for number in range(count):
        fake.connect(f"ca_{number}", Mailbox(now=utc_now).generate(_MAILS, seed=number))
    asyncio.run(_configure(url, count))
    engine = create_engine(_plain(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with running(fake) as services, _workers(makers.kind, url, folder, services) as workers:
        for number, called in enumerate(_TICKS, 1):
            time.sleep(_MINUTE_S if rested and number == len(_TICKS) else 0)
            used = [processor_s(each) or 0.0 for each in workers]
            took = _tick(engine, number * count)
            used = [(processor_s(each) or 0.0) - before for each, before in zip(workers, used, strict=True)]
            share = " and ".join(f"{each:.1f}" for each in used)
            sheet.add(f"{count} integrations due at once, {called}", took, "s", note=f"processor time {share} s")
            profiles = fake.calls.count("GMAIL_GET_PROFILE") if number == 1 else count
            wrong = _not_once(engine, number) + abs(profiles - count)
            sheet.add(f"  of them not pulled exactly once by tick {number}", wrong, aim=Aim("≤", 0))
    engine.dispose()
    makers.drop(url)


async def _configure(url: URL, count: int) -> None:
    database = Database(text_of(url))
    for number in range(count):
        await configure(database, "gmail", f"ca_{number}", settings={}, due=utc_now() + NOT_NOW)
    await database.close()


@contextmanager
def _workers(kind: str, url: URL, folder: Path, services: str) -> Iterator[list[int]]:
    """Their process ids, once they work."""
    more = {"COMPOSIO_API_KEY": KEY, "COMPOSIO_BASE_URL": services}
    with ExitStack() as stack:
        if kind == "sqlite":
            yield [stack.enter_context(watchfloor(url, folder, **more)).process]
        else:
            yield [stack.enter_context(worker(url, folder, f"worker-{number}", **more)) for number in (1, 2)]


def _tick(engine: Engine, runs: int) -> float:
    """Make all due; seconds until so many runs have succeeded in all, and none waits."""
    begun = time.perf_counter()
    with engine.connect() as connection:
        connection.execute(update(Integration).values(next_sync_at=utc_now()))
    while _counted(engine, "succeeded") < runs or _counted(engine, "queued", "running"):
        if _counted(engine, "failed") or time.perf_counter() - begun > _PATIENCE_S:
            raise RuntimeError(f"{_counted(engine, 'succeeded')} of {runs} runs succeeded, and {_failed(engine)}")
        time.sleep(_LOOK_S)
    return time.perf_counter() - begun


def _counted(engine: Engine, *states: str) -> int:
    with engine.connect() as connection:
        query = select(func.count()).where(SyncRun.state.in_(states))
        return int(connection.execute(query).scalar_one())


def _failed(engine: Engine) -> str:
    with engine.connect() as connection:
        error = connection.execute(select(SyncRun.error).where(SyncRun.state == "failed").limit(1)).scalar()
    return f"one failed: {error}" if error else "none failed"


def _not_once(engine: Engine, ticks: int) -> int:
    """Integrations that were pulled more or less often than there were ticks."""
    runs = select(func.count()).where(SyncRun.integration_id == Integration.id, SyncRun.state == "succeeded")
    with engine.connect() as connection:
        pulled = connection.execute(select(Integration.id, runs.scalar_subquery())).all()
    return sum(count != ticks for _, count in pulled)


def _plain(url: URL) -> URL:
    """For an engine without asyncio."""
    return url.set(drivername="sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg")
