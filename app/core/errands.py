"""Work that requests leave behind: one task of the program does it, beside them."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

import structlog

T = TypeVar("T")


def begin(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Begin a task of the program's own: it has neither the caller nor the operation of whoever asks at this moment, no
    bound for its statements, and a correlation id for itself."""
    context = Context()
    context.run(structlog.contextvars.bind_contextvars, correlation_id=uuid.uuid4().hex)
    return asyncio.create_task(work, name=name, context=context)


class Errands:
    """Begins to work when told that there is something to do, and rests once that is done. One for each server."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """`work` does all that waits, also what comes meanwhile."""
        self._name, self._work = name, work
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """There is something to do."""
        if self._task is None:
            self._task = begin(self._run(), self._name)

    async def settled(self) -> None:
        """Until nothing waits."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self, *, patience_s: float) -> bool:
        """Give what waits a moment to be done. Returns whether that was enough."""
        if self._task is None:
            return True
        _, late = await asyncio.wait([self._task], timeout=patience_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    async def _run(self) -> None:
        try:
            await self._work()
        finally:
            self._task = None
