"""A job that is repeated until it is time to stop: it does what is due, and outlives whatever goes wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.core import log

_log = log.get(__name__)
_BETWEEN_ROUNDS_S = 0.25
"""Who waits for SQLite's write lock looks for it every 100 ms: a loop that never lets go for longer starves them."""


async def repeat(
    job: Callable[[], Coroutine[Any, Any, bool]], rest: Callable[[], Awaitable[None]], stopping: asyncio.Event
) -> None:
    """Do the job again and again. It returns whether there may be more to do; where not, `rest` waits for that."""
    while not stopping.is_set():
        try:
            busy = await job()
        except (SQLAlchemyError, OSError) as error:
            # The database may be away for a while; the loop outlives that, and says so each time.
            _log.error("a job failed and will be tried again", job=job.__name__, error=type(error).__name__)
            busy = False
        except Exception:  # noqa: BLE001 - a defect in one job must not silently end all jobs to come
            _log.exception("a job met a defect and will be tried again", job=job.__name__)
            busy = False
        if busy:
            await pause(stopping, _BETWEEN_ROUNDS_S)
        else:
            await rest()


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Rest, unless it is time to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
