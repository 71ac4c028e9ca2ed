"""Processes that are told to stop while they pull and while somebody listens, and what they leave to the next ones."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select

from app.core import migrations
from app.domains.connections.models import SyncRun
from scripts.fake_composio import faults
from scripts.fake_composio.backend import real_time
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from scripts.soaking.processes import STOP_WITHIN_S, Fleet
from scripts.soaking.watching import sync_url
from tests.conftest import NewDatabase


class Installation:
    """Processes on a database, and a Notion that answers nothing until it is told to."""

    def __init__(self, fleet: Fleet, fake: FakeComposio) -> None:
        self.fleet = fleet
        self.fake = fake

    def add(self, name: str) -> None:
        gateway = {"connected_account_id": "ca_notion"}
        settings = {"page_content": "none"}
        body = {"kind": "notion", "name": name, "settings": settings, "gateway": gateway}
        self.fleet.client.post("/integrations", json=body).raise_for_status()

    def runs(self) -> dict[int, str]:
        """State of each run by its id."""
        engine = create_engine(sync_url(self.fleet.url))
        with engine.connect() as connection:
            found = {row.id: row.state for row in connection.execute(select(SyncRun.id, SyncRun.state))}
        engine.dispose()
        return found

    def states(self) -> list[str]:
        return [state for _, state in sorted(self.runs().items())]

    def is_asked(self) -> bool:
        """Whether a call waits for its answer."""
        return self.fake.calls.count("NOTION_SEARCH_NOTION_PAGE") > 0


def eventually(true: Callable[[], bool], within_s: float = 25) -> None:
    until = monotonic() + within_s
    while not true():
        assert monotonic() < until, "it never came to be"
        sleep(0.05)


@pytest.fixture
def installed(kind: str, new_database: NewDatabase, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A function that makes one, on either database; `workers` beside a server that only answers."""
    fake = FakeComposio()
    fake.connect("ca_notion", NotionSpace(now=real_time).generate(1, 5))
    fleets: list[Fleet] = []

    def install(workers: int = 0, **settings: str) -> Installation:
        database = new_database(kind)
        migrations.upgrade(database)
        fleets.append(Fleet(database, url, tmp_path, workers, settings))
        fleets[-1].start()
        fleets[-1].ready()
        return Installation(fleets[-1], fake)

    with running(fake) as url:
        fake.faults.add(faults.slow_headers(120))
        yield install
        for fleet in fleets:
            fleet.end()


@contextmanager
def listener(fleet: Fleet) -> Iterator[list[str]]:
    """Somebody who listens to what happens, until the stream ends by itself. What they heard."""
    heard: list[str] = []
    connected = threading.Event()

    def listen() -> None:
        try:
            with fleet.client.stream("GET", "/events", timeout=60) as stream:
                stream.raise_for_status()
                for line in stream.iter_lines():
                    heard.append(line)
                    connected.set()
            heard.append("the end")
        except httpx.HTTPError as error:
            heard.append(repr(error))

    thread = threading.Thread(target=listen)
    thread.start()
    assert connected.wait(20)
    yield heard
    thread.join(20)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_stop_is_clean_while_a_pull_waits_for_its_service_and_somebody_listens(
    workers: int, installed: Callable[..., Installation]
) -> None:
    at = installed(workers)
    with listener(at.fleet) as heard:
        at.add("wiki")
        eventually(at.is_asked)

        begun = monotonic()
        unclean = at.fleet.stop()
        took = monotonic() - begun

    assert unclean == []
    assert took < STOP_WITHIN_S
    assert heard[-1] == "the end"
    assert at.states() == ["queued"]  # so that whoever comes next need not wait until it is taken for dead


def test_pulls_that_waited_or_went_on_are_carried_out_by_a_later_process(
    installed: Callable[..., Installation],
) -> None:
    at = installed(SYNC_AT_ONCE="1")
    at.add("wiki")
    eventually(at.is_asked)
    at.add("plans")
    eventually(lambda: at.states() == ["running", "queued"])
    at.fleet.server.kill()
    left = at.runs()

    at.fake.faults.clear()
    at.fleet.server.start()

    eventually(lambda: at.states() == ["succeeded", "succeeded"])
    assert at.runs().keys() == left.keys()
    assert at.fleet.stop() == []
