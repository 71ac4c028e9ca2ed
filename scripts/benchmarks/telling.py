"""How soon those who watch hear of a change, over real HTTP: from its answer, which follows the commit, to the moment a
client has read of it, on the stream of the same server and of another one, and what a stream costs while nothing is."""

import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks.databases import Makers
from scripts.benchmarks.figures import Aim, Sheet, percentile
from scripts.benchmarks.machine import processor_s
from scripts.benchmarks.queueing import fill_for
from scripts.benchmarks.serving import Server, watchfloor

_SOON = Aim("≤", 1_000)
_CROWD = 19
"""With the one that is measured, as many as one person may open."""
_PATIENCE_S = 30


def events(makers: Makers, folder: Path, *, quick: bool) -> Sheet:
    """Two servers on one database; tasks are changed at the first one."""
    sheet = Sheet("Events over HTTP", makers.kind)
    url = fill_for(makers, 1_000)
    changes = 40 if quick else 200
    with watchfloor(url, folder) as server, watchfloor(url, folder, "--no-jobs") as other:
        ids = _ids(server)
        for streams in (1, 1 + _CROWD):
            with ExitStack() as crowd:
                for each in (server, other):
                    for _ in range(streams - 1):
                        crowd.enter_context(_listening(each))
                _measure(sheet, server, other, ids[:changes], streams)
        _idle(sheet, server, seconds=3 if quick else 15)
    makers.drop(url)
    return sheet


def _measure(sheet: Sheet, server: Server, other: Server, ids: list[int], streams: int) -> None:
    with _listening(server) as here, _listening(other) as there:
        answered = _change(server, ids)
        for called, heard in (("the same process", here), ("another process", there)):
            # Who hears of it before its own answer has come waited for nothing.
            took = [max(0.0, heard.at(task) - answered[task]) * 1000 for task in ids]
            what = f"answer → client of {called}, {streams} {'stream' if streams == 1 else 'streams each'}"
            note = f"p50 {percentile(took, 0.5):.0f} ms, longest {max(took):.0f} ms, {len(took)} events"
            sheet.add(f"{what}, p99", percentile(took, 0.99), "ms", aim=_SOON, note=note)


def _change(server: Server, ids: list[int]) -> dict[int, float]:
    """Change each task; gives the moment of each answer."""
    client, answered = server.client(), {}
    for task in ids:
        client.timed("PATCH", f"/api/v1/tasks/{task}", {"priority": f"p{time.perf_counter()}"})
        answered[task] = time.perf_counter()
        time.sleep(0.02)
    client.close()
    return answered


def _idle(sheet: Sheet, server: Server, *, seconds: int) -> None:
    """What twenty open streams add to a server that has nothing to do."""
    alone = _used(server, seconds)
    with ExitStack() as crowd:
        for _ in range(1 + _CROWD):
            crowd.enter_context(_listening(server))
        watched = _used(server, seconds)
    if alone is None or watched is None:
        sheet.add("idle: this system does not say", 0.0)
        return
    note = f"of one processor, over {seconds} s; without them {alone:.1f} %"
    sheet.add(f"{1 + _CROWD} idle streams", watched - alone, "%", aim=Aim("≤", 2), note=note)


def _used(server: Server, seconds: int) -> float | None:
    time.sleep(1)
    before = processor_s(server.process)
    time.sleep(seconds)
    after = processor_s(server.process)
    return None if before is None or after is None else 100 * (after - before) / seconds


def _ids(server: Server) -> list[int]:
    client = server.client()
    found = json.loads(client.ask("GET", "/api/v1/tasks?limit=200")[1])["items"]
    client.close()
    return [task["id"] for task in found]


@dataclass
class _Heard:
    """When a stream told of which task."""

    _moments: dict[int, float] = field(default_factory=dict)
    _arrived: "queue.Queue[tuple[int, float]]" = field(default_factory=queue.Queue)

    def note(self, line: bytes) -> None:
        moment = time.perf_counter()
        data = json.loads(line)
        if "verb" in data and "task" in data:
            self._arrived.put((data["task"], moment))

    def at(self, task: int) -> float:
        while task not in self._moments:
            found, moment = self._arrived.get(timeout=_PATIENCE_S)
            self._moments.setdefault(found, moment)
        return self._moments[task]


@contextmanager
def _listening(server: Server) -> Iterator[_Heard]:
    """A stream, read in a thread of its own."""
    heard, connected = _Heard(), threading.Event()
    stream = socket.create_connection(("127.0.0.1", server.port), timeout=_PATIENCE_S)
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.key}\r\n\r\n"
    stream.sendall(head.encode())

    def read() -> None:
        with stream.makefile("rb") as lines:
            for line in lines:
                if line.startswith(b": connected"):
                    connected.set()
                elif line.startswith(b"data: "):
                    heard.note(line[6:])

    def quietly() -> None:
        try:
            read()
        except (OSError, ValueError):
            return  # it was closed: nobody listens any more

    threading.Thread(target=quietly, daemon=True).start()
    if not connected.wait(_PATIENCE_S):
        raise RuntimeError("a stream of events does not begin")
    try:
        yield heard
    finally:
        stream.shutdown(socket.SHUT_RDWR)
        stream.close()
