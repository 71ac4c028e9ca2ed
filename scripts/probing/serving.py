"""A server for the probe: on a database of its own, with the sample data."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sqlalchemy.engine import URL

from app.settings import PROJECT_ROOT

_PATIENCE_S = 60


@contextmanager
def serving(url: URL, folder: Path) -> Iterator[str]:
    """The server's address, once it answers. It is stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "INTEGRATIONS_STUB_MODE": "true",
        "LOG_LEVEL": "ERROR",
        "RATE_LIMITS": "false",
    }
    command = [sys.executable, "-m", "app.cli"]
    subprocess.run([*command, "db", "upgrade"], cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port)], cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{address}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")
