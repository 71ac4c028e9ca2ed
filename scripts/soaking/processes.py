"""The processes of one installation: started, killed and stopped; what they say is kept in files."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.engine import URL

from app.settings import PROJECT_ROOT
from scripts.benchmarks.databases import text_of
from scripts.fake_composio.gmail_box import OWNER
from scripts.keys import admin_key

_PATIENCE_S = 60
STOP_WITHIN_S = 10.0


@dataclass
class Member:
    """One process, and those that take its place."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    _said_before: int = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "app.cli", *self.command]
        with self.log.open("ab") as log:
            self._said_before = log.tell()
            self.process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def is_up(self) -> bool:
        """Whether it has said that it works."""
        if self.process is None or self.process.poll() is not None:
            return False
        with self.log.open("rb") as log:
            log.seek(self._said_before)
            said = log.read(20_000)
        return b"worker started" in said or b"Watchfloor is at" in said

    def kill(self) -> None:
        """In the one way that leaves no time to tidy up."""
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended by itself: {self.said()[-2000:]}")
        self.process.kill()
        self.process.wait()

    def stop(self) -> tuple[int, float]:
        """Exit code, and how many seconds it took."""
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return code, time.monotonic() - begun

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass
class Fleet:
    """An installation on a database: one server that does everything, or one that only answers beside two workers."""

    url: URL
    services: str
    """The address of the stand-in."""
    folder: Path
    workers: int = 0
    more: dict[str, str] = field(default_factory=dict)
    """Settings beside those that it needs."""
    members: list[Member] = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.port = free_port()
        environment = {
            **os.environ,
            "ENVIRONMENT": "development",
            "SAMPLE_DATA": "false",
            "DATABASE_URL": text_of(self.url),
            "COMPOSIO_API_KEY": "test-key",
            "COMPOSIO_BASE_URL": self.services,
            "COMPOSIO_GATEWAY": "rest",
            "OUR_ADDRESSES": OWNER,
            "IMPORT_PAGE_SIZE": "20",
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }
        serve = ("serve", "--port", str(self.port), *(["--no-jobs"] if self.workers else []))
        commands = {"serve": serve, **{f"worker {number + 1}": ("worker",) for number in range(self.workers)}}
        self.members = [
            Member(name, command, self.folder / f"{name}.log", environment) for name, command in commands.items()
        ]
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=httpx.Timeout(20, connect=1), trust_env=False
        )

    @property
    def server(self) -> Member:
        return self.members[0]

    @property
    def working(self) -> list[Member]:
        """Those that pull."""
        return self.members[1:] or self.members

    def start(self) -> None:
        """The server first: it makes the tables."""
        self.server.start()
        self.ready([self.server])
        self.client.headers["Authorization"] = f"Bearer {admin_key(self.url)}"
        for member in self.members[1:]:
            member.start()

    def ready(self, members: Sequence[Member] = ()) -> None:
        """Wait until these, or all, are up."""
        until = time.monotonic() + _PATIENCE_S
        for member in members or self.members:
            while not member.is_up():
                if time.monotonic() > until or member.process is None or member.process.poll() is not None:
                    raise RuntimeError(f"{member.name} does not start: {member.said()[-2000:]}")
                time.sleep(0.05)

    def post(self, path: str, **given: Any) -> httpx.Response | None:
        """None where nobody answers: the server was killed, or is not there yet."""
        try:
            return self.client.post(path, **given)
        except httpx.TransportError:
            return None

    def stop(self) -> list[str]:
        """Stop all as a service manager does. Returns what was not clean, in sentences."""
        wrong = []
        for member in self.members:
            code, took = member.stop()
            if code != 0:
                wrong.append(f"{member.name} ended with exit code {code} when it was stopped")
            if took > STOP_WITHIN_S:
                wrong.append(f"{member.name} took {took:.1f} s to stop")
        wrong += [f"{each.name} left a traceback in its log" for each in self.members if "Traceback" in each.said()]
        return wrong

    def end(self) -> None:
        """Leave nothing running, however it went."""
        for member in self.members:
            if member.process is not None and member.process.poll() is None:
                member.process.kill()
                member.process.wait()
        self.client.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
