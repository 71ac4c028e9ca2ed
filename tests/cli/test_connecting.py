"""`watchfloor integrations connect`: prints a link, and waits until somebody has followed it."""

import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.cli import connecting
from scripts.fake_composio import faults
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from tests.cli.conftest import Watchfloor
from tests.conftest import SettableClock

LINK = "/api/v3.1/connected_accounts/link"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeComposio]:
    fake, space = FakeComposio(), NotionSpace(now=lambda: datetime.now(UTC))
    space.add_row(space.add_database("Work"), {"Name": "Renew the certificate"})
    fake.connect("ca_notion", space)
    with running(fake) as url:
        monkeypatch.setenv("COMPOSIO_API_KEY", "test-key")
        monkeypatch.setenv("COMPOSIO_BASE_URL", url)
        monkeypatch.setenv("BACKGROUND_RETRIES", "0")
        monkeypatch.setenv("CONNECT_LOOK_EVERY_S", "0.05")
        yield fake


@contextmanager
def person(fake: FakeComposio) -> Iterator[None]:
    """Somebody who opens every link as soon as it is there."""
    ended = threading.Event()

    def open_them() -> None:
        assert fake.wire is not None
        while not ended.wait(0.05):
            for account in [each for each in fake.accounts.by_id.values() if each.status == "INITIATED"]:
                address = f"{fake.wire.url}/link/{account.link}"
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5).close()

    opening = threading.Thread(target=open_them)
    opening.start()
    try:
        yield
    finally:
        ended.set()
        opening.join()


def test_it_is_connected_and_pulled(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    added = watchfloor("integrations", "add", "notion", "our wiki", "--set", "since=2020-01-01")
    assert "integrations connect 'our wiki'" in added.stdout

    with person(fake):
        done = watchfloor("integrations", "connect", "our wiki")

    assert done.exit_code == 0
    assert re.search(r"Open this link until \d\d:\d\d:\d\d:\nhttp://127\.0\.0\.1:\d+/link/lk_0001\n", done.stdout)
    assert "our wiki is connected." in done.stdout
    assert "1 new" in watchfloor("sync", "our wiki", "--wait").stdout


def test_a_program_gets_the_link_at_once_or_how_it_ended(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor("integrations", "add", "notion", "wiki")

    at_once = watchfloor("integrations", "connect", "wiki", "--no-wait", "--json")
    with person(fake):
        in_the_end = watchfloor("integrations", "connect", "wiki", "--json")

    assert json.loads(at_once.stdout)["state"] == "pending"
    assert "/link/lk_0001" in json.loads(at_once.stdout)["redirect_url"]
    assert json.loads(in_the_end.stdout)["state"] == "active"
    assert "/link/lk_0002" in in_the_end.stderr


def test_without_waiting_it_says_who_goes_on(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor("integrations", "add", "notion", "wiki")

    done = watchfloor("integrations", "connect", "wiki", "--no-wait")

    assert (done.exit_code, "A running server" in done.stdout) == (0, True)


def test_a_link_that_is_over_fails_the_command_and_says_what_to_do(
    watchfloor: Watchfloor, fake: FakeComposio, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SettableClock(datetime.now(UTC))
    fake.backend.now = clock
    monkeypatch.setattr(connecting, "_SAYS_EVERY_S", 0.02)
    watchfloor("integrations", "add", "notion", "wiki")
    late = threading.Timer(0.5, lambda: clock.advance(timedelta(minutes=11)))
    late.start()

    done = watchfloor("integrations", "connect", "wiki")
    late.join()

    assert done.exit_code == 1
    assert "Ask for a new link." in done.stderr
    assert "waiting for it to be followed" in done.stderr


def test_the_list_says_who_needs_to_be_connected_again(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor("integrations", "add", "notion", "our wiki", "--account", "ca_notion")
    fake.set_status("ca_notion", "EXPIRED")
    watchfloor("sync", "--wait")

    assert "Connect it again: watchfloor integrations connect 'our wiki'" in re.sub(
        r"\S+ integrations connect", "watchfloor integrations connect", watchfloor("integrations", "list").stdout
    )


def test_an_integration_that_is_not_there_is_said(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    done = watchfloor("integrations", "connect", "nowhere")

    assert (done.exit_code, "no integration nowhere" in done.stderr) == (1, True)


def test_an_outage_fails_the_command(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor("integrations", "add", "notion", "wiki")
    fake.faults.add(faults.status(500), on=LINK)

    done = watchfloor("integrations", "connect", "wiki")

    assert (done.exit_code, "Composio" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_without_a_key_it_says_what_to_set(watchfloor: Watchfloor) -> None:
    watchfloor("integrations", "add", "notion", "wiki")

    done = watchfloor("integrations", "connect", "wiki")

    assert (done.exit_code, "COMPOSIO_API_KEY" in done.stderr) == (1, True)
