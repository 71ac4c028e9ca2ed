"""What a server and a worker need while nothing is due."""

import asyncio
import time
from pathlib import Path

from app.core.clock import utc_now
from app.core.database import Database
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.due import NOT_NOW
from scripts.benchmarks.figures import Aim, Sheet
from scripts.benchmarks.machine import processor_s, resident_mb
from scripts.benchmarks.pulled import KEY, configure
from scripts.benchmarks.serving import watchfloor, worker

_SETTLED_AFTER_S = 5
_NOBODY = {"COMPOSIO_API_KEY": KEY, "COMPOSIO_BASE_URL": "http://127.0.0.1:9"}


def idle(sheet: Sheet, makers: Makers, folder: Path, *, seconds: int) -> None:
    """Three integrations that are not due, on a database for each process; both at the same time."""
    urls = makers.new(), makers.new()
    for url in urls:
        asyncio.run(_configure(text_of(url)))
    with watchfloor(urls[0], folder, **_NOBODY) as server, worker(urls[1], folder, **_NOBODY) as other:
        processes = {"serving": server.process, "a worker": other}
        time.sleep(_SETTLED_AFTER_S)
        before = {name: processor_s(process) for name, process in processes.items()}
        begun = time.perf_counter()
        time.sleep(seconds)
        took = time.perf_counter() - begun
        for name, process in processes.items():
            used, had, memory = processor_s(process), before[name], resident_mb(process)
            if used is None or had is None or memory is None:
                sheet.add(f"{name}, idle: this system does not say", 0.0)
                continue
            share = 100 * (used - had) / took
            sheet.add(f"{name}, idle, of a processor", share, "%", aim=Aim("≤", 3), note=f"over {took:.0f} s")
            sheet.add(f"{name}, idle, memory", memory, "MB", aim=Aim("≤", 200))
    for url in urls:
        makers.drop(url)


async def _configure(url: str) -> None:
    database = Database(url)
    for kind in ("gmail", "slack", "notion"):
        await configure(database, kind, f"ca_{kind}", settings={}, due=utc_now() + NOT_NOW)
    await database.close()
