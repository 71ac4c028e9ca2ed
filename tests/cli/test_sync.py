"""`watchfloor sync` and `watchfloor integrations`: what is pulled, and whether it can be believed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.cli import sync
from scripts.fake_composio import faults
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from tests.cli.conftest import Watchfloor


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeComposio]:
    """The service beside the command line, with one row of work."""
    fake, space = FakeComposio(), NotionSpace(now=lambda: datetime.now(UTC))
    space.add_row(space.add_database("Work"), {"Name": "Renew the certificate"})
    fake.connect("ca_notion", space)
    with running(fake) as url:
        monkeypatch.setenv("COMPOSIO_API_KEY", "test-key")
        monkeypatch.setenv("COMPOSIO_BASE_URL", url)
        monkeypatch.setenv("BACKGROUND_RETRIES", "0")
        yield fake


ADD = ("integrations", "add", "notion", "wiki", "--account", "ca_notion")


def test_an_integration_is_added_pulled_and_listed(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    added = watchfloor(*ADD, "--set", "since=2020-01-01", "--set", "databases=[]")
    pulled = watchfloor("sync", "--wait")
    listed = json.loads(watchfloor("integrations", "list", "--json").stdout)

    assert (added.exit_code, pulled.exit_code) == (0, 0)
    assert pulled.stdout == "wiki: succeeded; read 1: 1 new, 0 updated, 0 unchanged\n"
    [place] = listed
    assert (place["name"], place["state"], place["items"]) == ("wiki", "ok", 1)
    assert place["settings"] == {"since": "2020-01-01", "databases": []}
    assert place["gateway"] == {"connected_account_id": "ca_notion", "user_id": "default"}
    assert "Renew the certificate" in watchfloor("top").stdout


def test_nothing_due_says_how_to_pull_one(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor(*ADD)
    watchfloor("sync", "--wait")

    assert "Nothing is due" in watchfloor("sync").stdout
    assert json.loads(watchfloor("sync", "wiki", "--wait", "--json").stdout)[0]["state"] == "succeeded"


def test_without_wait_it_is_only_asked_for(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor(*ADD)

    asked = watchfloor("sync", "wiki")

    assert asked.exit_code == 0
    assert "wiki: queued" in asked.stdout
    assert "--wait" in asked.stdout
    assert "succeeded" in watchfloor("sync", "wiki", "--wait").stdout


def test_a_failed_pull_fails_the_command_and_says_why(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor(*ADD)
    fake.faults.add(faults.status(401))

    pulled = watchfloor("sync", "--wait")

    assert pulled.exit_code == 1
    assert "COMPOSIO_API_KEY" in pulled.stderr
    assert "needs_reconnect" in watchfloor("integrations", "list").stdout


def test_a_service_that_takes_its_time_is_named_while_it_is_waited_for(
    watchfloor: Watchfloor, fake: FakeComposio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_SAYS_EVERY_S", 0.05)
    watchfloor(*ADD)
    fake.latency_s = 0.3

    pulled = watchfloor("sync", "--wait")

    assert pulled.exit_code == 0
    assert "waiting for Notion" in pulled.stderr


def test_a_paused_integration_is_not_pulled_until_it_is_resumed(watchfloor: Watchfloor, fake: FakeComposio) -> None:
    watchfloor(*ADD)

    assert "paused" in watchfloor("integrations", "pause", "wiki").stdout
    refused = watchfloor("sync", "wiki", "--wait")
    assert (refused.exit_code, "resume" in refused.stderr) == (1, True)
    watchfloor("integrations", "resume", "wiki")
    assert watchfloor("sync", "--wait").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("integrations", "add", "telex", "x"), "no kind telex"),
        (("integrations", "add", "notion", "x", "--set", "colour=red"), "colour"),
        (("integrations", "add", "mbox", "x"), "files are imported"),
        (("sync", "nowhere"), "no integration nowhere"),
        (("integrations", "pause", "nowhere"), "no integration nowhere"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence(
    watchfloor: Watchfloor, fake: FakeComposio, arguments: tuple[str, ...], said: str
) -> None:
    done = watchfloor(*arguments)

    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_key_it_says_what_to_set(watchfloor: Watchfloor) -> None:
    watchfloor(*ADD)

    done = watchfloor("sync", "--wait")

    assert done.exit_code == 1
    assert "COMPOSIO_API_KEY" in done.stderr
