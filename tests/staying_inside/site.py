"""A server as people run it, told to say everything it can, beside a service that answers with secrets."""

import os
import re
import socket
import subprocess
import sys
import time
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from sqlalchemy.engine import URL, make_url
from typer.testing import CliRunner

from app.cli import cli
from app.settings import PROJECT_ROOT, Settings
from tests.staying_inside.canaries import Canaries

STARTS_WITHIN_S = 60


@dataclass
class Site:
    """Everything that came out of it so far is in `outputs`, by where it came from."""

    environment: dict[str, str]
    port: int
    log: Path
    canaries: Canaries
    outputs: dict[str, str | bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers=headers, trust_env=False, timeout=60)

    def heard(self, answer: httpx.Response, *, shows_once: bool = False) -> httpx.Response:
        """Keep what was answered; not the body of an answer whose purpose is to show a secret this once."""
        place = f"{answer.request.method} {answer.request.url.path}"
        shown = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name != "set-cookie")
        self.outputs[f"{place} {len(self.outputs)}"] = shown + ("" if shows_once else answer.text)
        return answer

    def run(self, *arguments: str, given: str = "", shows_once: bool = False, **environment: str) -> str:
        """A command, with what it says kept."""
        nobodys: dict[str, str | None] = {name.upper(): None for name in Settings.model_fields}
        ran = CliRunner().invoke(cli, arguments, input=given, env={**nobodys, **self.environment, **environment})
        if not shows_once:
            shown = "".join(traceback.format_exception(ran.exception)) if ran.exception else ""
            self.outputs[f"watchfloor {' '.join(arguments)} {len(self.outputs)}"] = ran.output + shown
        return ran.stdout


def environment(**given: str) -> dict[str, str]:
    """This machine's, with the settings of nobody."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT_ROOT)} | given


@contextmanager
def serving(site: Site) -> Iterator[None]:
    """While it is served; what it printed is kept afterwards."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(site.port)]
    with site.log.open("ab") as log:
        process = subprocess.Popen(command, env=site.environment, stdout=log, stderr=log)
    try:
        until = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                httpx.get(f"{site.address}/health/live", trust_env=False)
                break
            except httpx.TransportError:
                if process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(site.log.read_text()) from None
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)
        said = site.log.read_text()
        # In development the first start prints a link that signs in: that is its purpose.
        site.outputs["the log"] = re.sub(r"http://\S+#token=\S+", "", said)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stored(url: str) -> Mapping[str, str | bytes]:
    """Everything that the database holds, as its bytes or as its rows."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "")
        return {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}
    return dict(_rows(address))


def _rows(address: URL) -> Iterator[tuple[str, str]]:
    parameters = address.translate_connect_args(username="user", database="dbname")
    with psycopg.connect(**parameters) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            query: Any = f'SELECT t::text FROM "{table}" t'  # noqa: S608 - a name that the database gave
            yield table, "\n".join(row[0] for row in connection.execute(query))


def packed(archive: Path) -> Mapping[str, bytes]:
    """What a backup holds."""
    with zipfile.ZipFile(archive) as found:
        return {f"backup {name}": found.read(name) for name in found.namelist()}
