"""Composition root of a worker: carries out imports and pulls, keeps scores, and answers no requests."""

import asyncio
import signal

from app.composition import database_from, importing_from, jobs_from, syncing_from, warn_of_demo, watch_from
from app.core import log
from app.core.clock import utc_now
from app.settings import Settings
from app.workflows.seeding import seed_if_possible

_log = log.get(__name__)


async def work(settings: Settings) -> None:
    """Work until the process is told to stop."""
    database = database_from(settings)
    syncing = syncing_from(settings, importing_from(settings, database))
    jobs = jobs_from(settings, syncing, sample=settings.begins_with_sample)
    watch = watch_from(settings, syncing, "worker")
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    warn_of_demo(settings)
    await seed_if_possible(database, now=utc_now())
    jobs.start()
    watch.start()
    _log.info("worker started", database=database.place)
    await stopped.wait()
    await jobs.stop()
    await watch.stop()
    await syncing.end()
    await database.close()
