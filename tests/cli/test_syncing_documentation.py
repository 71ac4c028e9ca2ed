"""docs/syncing.md does what it says: its lines are run one after the other against a server and the stand-in."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import PROJECT_ROOT
from scripts.fake_composio import worlds
from scripts.fake_composio.backend import real_time
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from scripts.keys import admin_key

PAGE = (PROJECT_ROOT / "docs" / "syncing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line[2:] for block in BLOCKS for line in block.splitlines() if line.startswith("$ ")]
CRON = re.search(r"^\*/5 \* \* \* \* (.*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server that serves, the stand-in that it pulls from, and the program on the path."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not here")
    folder = tmp_path_factory.mktemp("documented")
    fake = FakeComposio()
    for toolkit in worlds.TOOLKITS:
        world = worlds.world(toolkit)(now=real_time)
        fake.connect(f"ca_{toolkit}", world)
        if toolkit == "notion":
            world.add_row(world.add_database("Work"), {"Name": "Renew the certificate"})
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with running(fake) as url:
        own = {
            "DATABASE_URL": f"sqlite:///{folder / 'w.db'}",
            "COMPOSIO_API_KEY": "test-key",
            "COMPOSIO_BASE_URL": url,
            "SAMPLE_DATA": "false",
            "LISTEN_PORT": str(port),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with served({**os.environ, **own, "SYNC_SCHEDULE": "false"}, port):
            yield {**os.environ, **own, "KEY": admin_key(f"sqlite+aiosqlite:///{folder / 'w.db'}")}


@contextmanager
def served(environment: dict[str, str], port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "app.cli", "serve"]
    with subprocess.Popen(
        command, env=environment, cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            until = time.monotonic() + 30
            while not answers(port):
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            assert server.wait(10) == 0


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def run(line: str, environment: dict[str, str]) -> str:
    """What a line of the page prints, at this server's address. Each has a shell of its own, with what others set."""
    here = line.replace("http://localhost:8000", f"http://127.0.0.1:{environment['LISTEN_PORT']}")
    api = f"http://127.0.0.1:{environment['LISTEN_PORT']}/api/v1"
    shell = f'api={api}; auth="Authorization: Bearer $KEY"; {here}'
    done = subprocess.run(
        ["bash", "-c", shell],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    stopped_watching = "--max-time" in line and done.returncode == 28
    assert done.returncode == 0 or stopped_watching, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_page_from_its_top_to_its_end(environment: dict[str, str]) -> None:
    said = {line: run(line, environment) for line in LINES if not line.startswith("crontab")}

    def answer(part: str) -> str:
        return next(text for line, text in said.items() if part in line)

    assert re.fullmatch(r"wf_\S+", run('watchfloor keys create "another" --scopes sync:run', environment).strip())
    assert "notion" in answer("config check-services").lower()
    assert "1 new" in answer('sync "our wiki"')
    assert "our wiki  (notion)  ok  1 items" in answer("integrations list")
    assert "Renew the certificate" in answer("watchfloor top")
    assert '"state":"queued"' in answer("/2/sync")
    assert '"items":[' in answer("/sync/runs")
    assert '"items":[]' in answer("unreadable")


def test_the_line_for_cron_pulls_what_is_due(environment: dict[str, str]) -> None:
    assert CRON
    run('watchfloor integrations add gmail "my mail" --account ca_gmail', environment)

    run(CRON[1], environment)

    assert "succeeded" in run('curl -s $api/sync/runs?limit=1 -H "$auth"', environment)
