"""Waking those in this process who wait for a commit, so that they need not look for it all the time."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """Rung after a commit that somebody may wait for. What other processes commit does not ring it."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Event] = set()

    def ring(self) -> None:
        for each in self._listening:
            each.set()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Inside, the event is set at each ring. Whoever waits clears it, before they look."""
        rung = asyncio.Event()
        self._listening.add(rung)
        try:
            yield rung
        finally:
            self._listening.discard(rung)


async def wait_for_any(*events: asyncio.Event, seconds: float) -> None:
    """Until one of `events` is set, or the time is over."""
    if any(each.is_set() for each in events):
        return
    waiting = [asyncio.ensure_future(each.wait()) for each in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
