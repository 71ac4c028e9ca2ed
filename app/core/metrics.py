"""Counting what happens, in Prometheus' terms: what this process counts, and all processes of this machine together.

prometheus_client does the work. Where processes share a folder (`share`), each counts into files there, and whoever is
asked adds them up; so a total never goes back because a worker was killed. What can be looked up instead of counted
is not counted: app.workflows.metrics reads it when somebody asks.

Names and units: https://prometheus.io/docs/practices/naming. Labels take values from short lists alone.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.core import log
from app.core.guard import Observer, Transition
from app.core.guard.statistics import Outcome

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram
    from prometheus_client.metrics_core import Metric

_log = log.get(__name__)
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_held: list[IO[Any]] = []
"""Locks that tell others that this process lives; the kernel lets go of them, however it ends."""
_ROOM = {"counter": 1 << 20, "histogram": 4 << 20}
"""Bytes for what one process counts: enough for every route, asked by every method."""
_CALLS_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)
_REQUESTS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def share(folder: Path, whose: str) -> None:
    """Count together with the other processes on this machine that share this folder and `whose`, their database. To be
    called before anything is counted.

    What dead processes counted is kept as long as another one lives: without it the totals would go back. Where the
    disk has no room, this process counts on its own.
    """
    try:
        os.environ[_FOLDER] = str(_joined(folder / hashlib.sha256(whose.encode()).hexdigest()[:12]))
    except OSError as error:
        os.environ.pop(_FOLDER, None)
        _log.warning("there is no room to count together with other processes", folder=str(folder), error=str(error))


def _joined(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    alive = (folder / "alive").open("a")
    try:
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass  # another one lives, also one that has counted nothing yet and has no file
    else:
        for path in folder.glob("*.db"):
            path.unlink(missing_ok=True)
    fcntl.flock(alive, fcntl.LOCK_SH)
    _held.append(alive)
    with (folder / "starting").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # one at a time: a file that is just made is locked by nobody yet
        for path in folder.glob("counter_*.db"):
            _trim(path)
        for sort, room in _ROOM.items():
            _make_room(folder / f"{sort}_{os.getpid()}.db", room)
    return folder


def _trim(path: Path) -> None:
    """Give back the room of a process that died; what it counted stays. One that lives holds a lock on this file."""
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for each in (path, path.with_name(path.name.replace("counter", "histogram"))):
            if each.exists():
                with each.open("rb") as counted_:
                    used = int.from_bytes(counted_.read(4), sys.byteorder)  # where prometheus_client notes it
                os.truncate(each, max(used, 8))


def _make_room(path: Path, room: int) -> None:
    """Fill the file up: it is mapped into memory, and what the disk has no room for by then ends the process."""
    file = path.open("ab", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # in another container lives a process of our number
        file.close()
        raise
    _held.append(file)
    size = file.tell()
    try:
        missing = memoryview(bytes(max(0, room - size)))
        while missing:
            missing = missing[file.write(missing) :]
    except OSError:
        file.truncate(size)
        raise


@cache
def counter(name: str, help_: str, labels: tuple[str, ...]) -> "Counter":
    """The counter of that name, made when it is first asked for; `name` ends in _total."""
    from prometheus_client import Counter  # noqa: PLC0415 - only where something is counted

    return Counter(name, help_, labels)


@cache
def histogram(name: str, help_: str, labels: tuple[str, ...], bounds: tuple[float, ...]) -> "Histogram":
    """The histogram of that name, made when it is first asked for; `name` ends in _seconds."""
    from prometheus_client import Histogram  # noqa: PLC0415 - only where something is counted

    return Histogram(name, help_, labels, buckets=bounds)


def counted() -> "Iterable[Metric]":
    """All that was counted, by all processes that share a folder with this one."""
    from prometheus_client import REGISTRY, disable_created_metrics  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    disable_created_metrics()  # type: ignore[no-untyped-call]  # it is not annotated
    if _FOLDER not in os.environ:
        return [each for each in REGISTRY.collect() if each.name.startswith("watchfloor")]
    # A process that begins makes its files empty, and fills them a moment later.
    files = [str(path) for path in Path(os.environ[_FOLDER]).glob("*.db") if path.stat().st_size]
    return list(MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]  # nor is this


def answer_at(host: str, port: int) -> None:
    """Give what was counted at an address of its own, in a thread: for a process that answers no requests.

    Raises OSError where the address is taken.
    """
    from prometheus_client import start_http_server  # noqa: PLC0415 - only where somebody asks for it

    start_http_server(port, host, registry=_Counted())


class _Counted:
    """What was counted, or of it the samples of these names alone (`/metrics?name[]=…`)."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(names)

    def restricted_registry(self, names: Iterable[str]) -> "_Counted":
        return _Counted(names)

    def collect(self) -> "Iterable[Metric]":
        for family in counted():
            if self._names:
                family.samples = [each for each in family.samples if each.name in self._names]
            if family.samples:
                yield family


def observer() -> Observer:
    """Counts what becomes of calls to outside services."""
    calls = counter(
        "watchfloor_guard_calls_total", "Calls to outside services, by how they ended.", ("service", "outcome")
    )
    attempts = counter("watchfloor_guard_attempts_total", "Attempts of these calls.", ("service",))
    retries = counter("watchfloor_guard_retries_total", "Attempts behind the first one of a call.", ("service",))
    duration = histogram(
        "watchfloor_guard_call_duration_seconds",
        "How long calls took, with all their attempts.",
        ("service",),
        _CALLS_S,
    )

    def observe(service: str, outcome: Outcome, seconds: float, made: int) -> None:
        calls.labels(service, outcome.value).inc()
        attempts.labels(service).inc(made)
        retries.labels(service).inc(max(0, made - 1))
        duration.labels(service).observe(seconds)

    return observe


def listener() -> Callable[[str, Transition], None]:
    """Counts what circuit breakers do."""
    transitions = counter(
        "watchfloor_guard_breaker_transitions_total",
        "Changes of circuit breakers, by the state after.",
        ("service", "to"),
    )

    def listen(service: str, transition: Transition) -> None:
        transitions.labels(service, transition.after.value).inc()

    return listen


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """A request was answered. `route` is its template, never its path; streams have no duration of their own."""
    counter("watchfloor_http_requests_total", "Requests that were answered.", ("method", "route", "status")).labels(
        method, route, str(status)
    ).inc()
    if seconds >= 0:
        histogram(
            "watchfloor_http_request_duration_seconds",
            "How long answers took, streams of events left out.",
            ("method", "route"),
            _REQUESTS_S,
        ).labels(method, route).observe(seconds)


def signed_in(outcome: str) -> None:
    """Somebody tried to sign in: in, wrong_password, wrong_code, or too_many."""
    counter("watchfloor_sign_ins_total", "Tries to sign in, by how they ended.", ("outcome",)).labels(outcome).inc()


def rate_limited(rate: str) -> None:
    """A request was refused because its caller made too many of that class."""
    counter(
        "watchfloor_rate_limited_total", "Requests that were refused because there were too many.", ("rate",)
    ).labels(rate).inc()
