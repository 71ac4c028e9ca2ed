"""Servers to ask, and clients that ask them: real processes, kept-alive connections, one request at a time each."""

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import URL

from scripts.benchmarks import mailbox
from scripts.benchmarks.databases import text_of
from scripts.keys import admin_key

ROOT = Path(__file__).resolve().parents[2]
_KEY = secrets.token_hex(32)
_PATIENCE_S = 60
_UNBOUNDED = str(10**9)
"""Requests a minute: they are counted as always, and never too many."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. `ready_after` is in seconds since its process was started."""

    port: int
    process: int
    ready_after: float
    key: str = ""
    """An API key that it takes, where it asks for one."""

    def client(self) -> "Client":
        return Client(self.port, self.key)


class Client:
    """A kept-alive connection. Written for its own cost: about 30 µs a request."""

    def __init__(self, port: int, key: str = "", *, cookie: str = "") -> None:
        self._who = f"Authorization: Bearer {key}\r\n" if key else ""
        self._who += f"Cookie: {cookie}\r\n" if cookie else ""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, target: str, body: object = None) -> tuple[int, bytes]:
        """Status and body of the answer."""
        sent = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(sent)}\r\n"
        kind = "Content-Type: application/json\r\n" if sent else ""
        self._socket.sendall(f"{head}{self._who}{kind}\r\n".encode() + sent)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        opening, _, content = received.partition(b"\r\n\r\n")
        lines = opening.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        parts = [content]
        missing = length - len(content)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return int(lines[0].split()[1]), b"".join(parts)

    def timed(self, method: str, target: str, body: object = None) -> float:
        """Seconds for a request that has to succeed."""
        begun = time.perf_counter()
        status, content = self.ask(method, target, body)
        took = time.perf_counter() - begun
        if status >= 400:
            raise RuntimeError(f"{method} {target} was answered {status}: {content[:300].decode(errors='replace')}")
        return took

    def close(self) -> None:
        self._socket.close()

    def _more(self) -> bytes:
        received = self._socket.recv(262_144)
        if not received:
            raise ConnectionError("the server closed the connection")
        return received


def together(server: Server, clients: int, requests: int, ask: Callable[[Client, int], float]) -> list[float]:
    """Seconds of each request, of several clients at once."""
    took: list[float] = []

    def work(own: int) -> None:
        client = server.client()
        took.extend([ask(client, own * requests + number) for number in range(requests)])
        client.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


@contextmanager
def watchfloor(url: URL, folder: Path, *options: str, **more: str) -> Iterator[Server]:
    """`watchfloor serve` on a database, as it runs in production: jobs included, unless `options` say otherwise; `more`
    are settings."""
    environment = _settings(url) | more
    with _started([sys.executable, "-m", "app.cli", "serve", *options], environment, folder, "/health/ready") as server:
        yield replace(server, key=admin_key(url))


@contextmanager
def worker(url: URL, folder: Path, name: str = "worker", **more: str) -> Iterator[int]:
    """`watchfloor worker` on a database that has its tables. Gives the process's id once it works."""
    log = folder / f"{name}.log"
    environment = _settings(url) | {"LOG_LEVEL": "INFO"} | more
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "worker"],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
    begun = time.perf_counter()
    try:
        while b"worker started" not in log.read_bytes():
            if process.poll() is not None or time.perf_counter() - begun > _PATIENCE_S:
                raise RuntimeError(f"the worker does not start: {log.read_text()[-1000:]}")
            time.sleep(0.02)
        yield process.pid
    finally:
        _ended(process)


def _settings(url: URL) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": text_of(url),
        "ENVIRONMENT": "production",
        "SECRET_KEY": _KEY,
        "RATE_READ_PER_MINUTE": _UNBOUNDED,
        "RATE_WRITE_PER_MINUTE": _UNBOUNDED,
        "RATE_HEAVY_PER_MINUTE": _UNBOUNDED,
        "OUR_ADDRESSES": mailbox.US[1],
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """Eight kilobytes of ready bytes from Starlette, by the same uvicorn."""
    with _started([sys.executable, "-m", "scripts.benchmarks.bare"], dict(os.environ), folder, "/") as server:
        yield server


@contextmanager
def _started(command: Sequence[str], environment: dict[str, str], folder: Path, health: str) -> Iterator[Server]:
    port = _free_port()
    with (folder / "server.log").open("ab") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        while not _answers(port, health):
            if process.poll() is not None or time.perf_counter() - begun > _PATIENCE_S:
                raise RuntimeError(f"the server does not start: {(folder / 'server.log').read_text()[-1000:]}")
            time.sleep(0.003)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(port: int, health: str) -> bool:
    try:
        client = Client(port)
    except OSError:
        return False
    try:
        return client.ask("GET", health)[0] == 200
    except OSError:
        return False
    finally:
        client.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
