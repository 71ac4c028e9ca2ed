"""Composition root of a worker: carries out imports and keeps scores, and answers no requests."""

import asyncio
import signal

from app.core import log
from app.main import UPLOADS, database_from, importing_from
from app.settings import Settings
from app.workflows.jobs import Jobs

_log = log.get(__name__)


async def work(settings: Settings) -> None:
    """Work until the process is told to stop."""
    database = database_from(settings)
    jobs = Jobs(
        importing_from(settings, database),
        every_s=settings.rescore_every_s,
        batch=settings.rescore_batch,
        idempotency_hours=settings.idempotency_hours,
        uploads=UPLOADS,
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    jobs.start()
    _log.info("worker started", database=database.place)
    await stopped.wait()
    await jobs.stop()
    await database.close()
