"""The stand-in on a port: in the loop that runs already, or in a thread for tests that start processes.

async with serving(fake) as url: ...
with running(fake) as url: ...
async with outage(fake): ...      # or `with`, from another thread than the server's
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.wire import Wire


@asynccontextmanager
async def serving(fake: FakeComposio, port: int = 0) -> AsyncIterator[str]:
    """Serve in this loop; gives the address, «http://127.0.0.1:34567»."""
    wire = Wire(fake.handle, port)
    await wire.start()
    fake.wire = wire
    try:
        yield wire.url
    finally:
        fake.wire = None
        await fake.stop_returns()
        await wire.stop()


@contextmanager
def running(fake: FakeComposio, port: int = 0) -> Iterator[str]:
    """Serve in a thread with a loop of its own; gives the address."""
    thread = _Thread(fake, port)
    thread.start()
    thread.ready.wait()
    try:
        if thread.error is not None:
            raise thread.error
        yield thread.url
    finally:
        thread.end()
        thread.join()


class _Thread(threading.Thread):
    def __init__(self, fake: FakeComposio, port: int) -> None:
        super().__init__(name="fake-composio", daemon=True)
        self._fake, self._port = fake, port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()
        self.ready = threading.Event()
        self.url = ""
        self.error: OSError | None = None

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            async with serving(self._fake, self._port) as self.url:
                self.ready.set()
                await self._ending.wait()
        except OSError as error:
            self.error = error
        finally:
            self.ready.set()

    def end(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)


class outage:  # noqa: N801 (it reads as a verb: `with outage(fake):`)
    """Connections are refused within the block, and accepted again on the same port after it."""

    def __init__(self, fake: FakeComposio) -> None:
        if fake.wire is None:
            raise RuntimeError("the stand-in is not served")
        self._wire = fake.wire

    async def __aenter__(self) -> None:
        await self._wire.away()

    async def __aexit__(self, *_: object) -> None:
        await self._wire.back()

    def __enter__(self) -> None:
        self._there(self._wire.away())

    def __exit__(self, *_: object) -> None:
        self._there(self._wire.back())

    def _there(self, step: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(step, self._wire.loop).result(5)
