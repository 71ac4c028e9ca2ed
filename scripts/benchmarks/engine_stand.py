"""Processes that carry out made-up pulls (scripts.benchmarks.engine_jobs), and what is seen of them from outside."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.database import Database
from app.domains import connections
from scripts.benchmarks import databases
from scripts.benchmarks.databases import Makers, text_of
from scripts.benchmarks.engine_jobs import KIND, Given

_PATIENCE_S = 300
_TICKS_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine as it is set."""

    called: str
    engine: str
    poll_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the file in which all processes note what they read."""

    at: float
    process: int
    what: str
    place: str
    page: int


class Process:
    """One that works, until it is killed. What it says goes to a file: a pipe that nobody reads fills up."""

    def __init__(self, given: Given) -> None:
        command = [sys.executable, "-m", "scripts.benchmarks.engine_jobs", json.dumps(asdict(given))]
        self._said = Path(f"{given.log}.{given.executor}.{time.monotonic_ns()}")
        with self._said.open("w") as said:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said, text=True)
        until(lambda: "ready\n" in self._said.read_text() or self.ended(), every_s=0.01)
        if self.ended():
            raise RuntimeError(f"the process did not start: {self.said()}")

    @property
    def id(self) -> int:
        return self._process.pid

    def tell(self, command: str, number: int) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{command} {number}\n")
            self._process.stdin.flush()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def ended(self) -> bool:
        return self._process.poll() is not None

    def said(self) -> str:
        """How it ended, if it has, and the end of what it said."""
        return f"{self._process.returncode}: {self._said.read_text()[-2000:]}"

    def used_s(self) -> float:
        """Processor time since its start."""
        fields = Path(f"/proc/{self.id}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_S

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.id}/task").iterdir()))


@dataclass(slots=True)
class Stand:
    """A database of its own, and the processes that work on it."""

    contender: Contender
    url: URL
    log: Path
    processes: list[Process] = field(default_factory=list)

    def start(self, **given: Any) -> Process:
        engine, poll_s = self.contender.engine, self.contender.poll_s
        process = Process(Given(engine, text_of(self.url), str(self.log), poll_s=poll_s, **given))
        self.processes.append(process)
        return process

    def places(self, count: int = 1, **settings: Any) -> list[int]:
        """New integrations that nothing is due of."""
        return asyncio.run(self._places(count, settings))

    async def _places(self, count: int, settings: dict[str, Any]) -> list[int]:
        database, made = Database(text_of(self.url)), []
        async with database.writing() as session:
            for number in range(count):
                place = f"place{number}"
                named = {"place": place, **settings}
                row = await connections.service.create(
                    session, kind=KIND, name=place, now=utc_now(), settings=named, gateway={"user_id": "u"}
                )
                made.append(row.id)
        await database.close()
        return made

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        connection = databases.connect(self.url)
        try:
            return [tuple(row) for row in connection.execute(statement).fetchall()]
        finally:
            connection.close()

    def change(self, statement: str) -> None:
        connection = databases.connect(self.url)
        connection.execute(statement)
        connection.close()

    def noted(self, what: str) -> list[Noted]:
        if not self.log.exists():
            return []
        rows = [line.split() for line in self.log.read_text().splitlines()]
        found = [Noted(float(row[0]), int(row[1]), row[2], row[3], int(row[4])) for row in rows]
        return [each for each in found if each.what == what]

    def succeeded(self) -> int:
        return int(self.rows("SELECT count(*) FROM sync_runs WHERE state = 'succeeded'")[0][0])

    def until_succeeded(self, count: int, *, every_s: float = 0.02) -> None:
        try:
            until(lambda: self.succeeded() == count, every_s=every_s)
        except TimeoutError as error:
            said = f"{self.contender.called}: {self.succeeded()} of {count} pulls have succeeded"
            unfinished = self.rows("SELECT id, state, pages, attempts, error FROM sync_runs WHERE state <> 'succeeded'")
            processes = [each.said() for each in self.processes]
            raise TimeoutError(f"{said}; others {unfinished[:5]}; processes {processes}") from error

    def until_stored(self, pages: int) -> None:
        until(lambda: self.pages() >= pages, every_s=0.005)

    def pages(self) -> int:
        """How often a page was stored."""
        return int(self.rows("SELECT coalesce(sum(pages), 0) FROM sync_runs")[0][0])

    def items(self) -> int:
        return int(self.rows("SELECT count(*) FROM items")[0][0])


@contextmanager
def stand(makers: Makers, folder: Path, contender: Contender) -> Iterator[Stand]:
    url = makers.new()
    made = Stand(contender, url, folder / f"{Path(str(url.database)).name}.log")
    try:
        yield made
    finally:
        for process in made.processes:
            process.kill()
        makers.drop(url)


def until(holds: Callable[[], bool], *, every_s: float = 0.02) -> None:
    """Wait until it holds. Raises TimeoutError where it takes too long."""
    end = time.monotonic() + _PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(every_s)
