"""Where the time of an import goes: its parts one after the other, and the parts of storing by light timers.

Timers are put around functions of the program from outside, for the time of this process; what a timed function calls
that is timed itself counts there alone. A function that went by another name since is left out, and its time then
counts where it is called.
"""

import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core.clock import utc_now
from app.core.database import Database
from app.domains.connections.models import SyncRun
from app.domains.tasks import derivation, ingest, pasts, placing, threading
from app.domains.tasks.copies import Readable, RunMemory
from app.domains.tasks.policy import Policy
from app.domains.tasks.reading import read_item
from app.integrations.contract import Manifest, Options
from app.records import Item

_TIMED: Mapping[str, Iterable[tuple[ModuleType, str]]] = {
    "finding threads": ((threading, "load"), (threading.Threads, "place_all")),  # type: ignore[dict-item]
    "storing items, threads, keys": ((placing, "place"), (ingest, "_store_new"), (ingest, "_unite_threads")),
    "reading for deriving": ((derivation, "sources_of"),),
    "deriving": ((derivation, "_derive_all"),),
    "scoring": ((derivation, "_score_all"),),
    "storing what was derived": (
        (derivation, "update_rows"),
        (derivation, "upsert"),
        (pasts, "changed"),
        (pasts, "keep"),
    ),
}


class Stopwatch:
    """Exclusive times by name. For work that happens one after the other, in whatever thread."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = time.perf_counter()

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        self._book()
        self._open.append(name)
        try:
            yield
        finally:
            self._book()
            self._open.pop()

    def _book(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def around(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(function):

            async def later(*args: Any, **kwargs: Any) -> Any:
                with self.running(name):
                    return await function(*args, **kwargs)

            return later

        def now(*args: Any, **kwargs: Any) -> Any:
            with self.running(name):
                return function(*args, **kwargs)

        return now


class Writing:
    """Seconds that statements which write take, from handing them to the driver until they are carried out."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.seconds = 0.0
        self._since: float | None = None
        event.listen(engine.sync_engine, "before_cursor_execute", self._before)
        event.listen(engine.sync_engine, "after_cursor_execute", self._after)

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._since = time.perf_counter() if statement.startswith(("INSERT", "UPDATE", "DELETE")) else None

    def _after(self, *_: Any) -> None:
        if self._since is not None:
            self.seconds += time.perf_counter() - self._since


async def in_phases(
    database: Database,
    policy: Policy,
    manifest: Manifest,
    path: Path,
    run: SyncRun,
    names: Mapping[int, str],
    *,
    page_size: int,
) -> dict[str, Any]:
    """Seconds for reading the file, for reading words, and for storing with its parts."""
    begun = time.perf_counter()
    items = [read.what for read in manifest.reader.read(path, Options()) if isinstance(read.what, Item)]
    file = time.perf_counter() - begun
    begun = time.perf_counter()
    words: list[Readable] = [(item, read_item(item, policy.us)) for item in items]
    texts = time.perf_counter() - begun
    watch = Stopwatch()
    for name, places in _TIMED.items():
        for place, attribute in places:
            if hasattr(place, attribute):
                setattr(place, attribute, watch.around(getattr(place, attribute), name))
    origin = placing.Origin(run.integration_id, manifest.kind, run.id, names)
    memory = RunMemory()
    writing = Writing(database.engine)
    begun = time.perf_counter()
    for page in _pages(words, page_size):
        with watch.running("commit"):
            async with database.writing() as session:
                with watch.running("the rest of storing"):
                    await ingest.store_page(session, page, origin, policy, memory, now=utc_now())
    storing = time.perf_counter() - begun
    parts = dict(watch.seconds)
    written = writing.seconds + parts["commit"]
    return {
        "items": len(items),
        "file": file,
        "words": texts,
        "storing": storing,
        "written": written,
        "parts": parts,
    }


def _pages(values: Sequence[Readable], size: int) -> Iterator[list[Readable]]:
    rest = iter(values)
    while page := list(islice(rest, size)):
        yield page
