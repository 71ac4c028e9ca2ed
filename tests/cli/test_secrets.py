"""`watchfloor secrets`: stored without being shown, used by what starts afterwards, and encrypted with a new key."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import running
from tests.cli.conftest import Program, Watchfloor

KEY = "ak_hunter2_secret"


@pytest.fixture
def composio() -> Iterator[str]:
    with running(FakeComposio(KEY)) as url:
        yield url


def store(watchfloor: Watchfloor, name: str = "COMPOSIO_API_KEY", value: str = KEY, **given: str) -> None:
    result = watchfloor("secrets", "set", name, "--value-stdin", input=f"{value}\n", **given)
    assert result.exit_code == 0, result.output
    assert value not in result.output


def test_a_stored_key_is_used_by_commands(watchfloor: Watchfloor, composio: str) -> None:
    store(watchfloor)

    result = watchfloor("config", "check-services", COMPOSIO_BASE_URL=composio)

    assert "ok      Composio API key" in result.output


def test_the_environment_wins_and_that_is_said(watchfloor: Watchfloor, composio: str) -> None:
    store(watchfloor)

    result = watchfloor("config", "check-services", COMPOSIO_BASE_URL=composio, COMPOSIO_API_KEY="ak_wrong")
    again = watchfloor("secrets", "set", "composio_api_key", "--value-stdin", input=KEY, COMPOSIO_API_KEY="ak_wrong")
    listed = watchfloor("secrets", "list", COMPOSIO_API_KEY="ak_wrong")

    assert "Composio refuses the API key" in result.output
    assert "the environment or .env gives COMPOSIO_API_KEY too, and wins" in again.output
    assert "the environment's is used" in listed.output


def test_names_are_listed_and_never_values(watchfloor: Watchfloor) -> None:
    assert "None is stored" in watchfloor("secrets", "list").output
    store(watchfloor)
    store(watchfloor, "MAIL_PASSWORD", "hunter3")

    people, programs = watchfloor("secrets", "list"), watchfloor("secrets", "list", "--json")

    assert [each["name"] for each in json.loads(programs.stdout)] == ["COMPOSIO_API_KEY", "MAIL_PASSWORD"]
    assert "MAIL_PASSWORD" in people.output
    assert "hunter" not in people.output + programs.output


def test_what_is_removed_is_gone(watchfloor: Watchfloor) -> None:
    store(watchfloor)

    assert "no longer stored" in watchfloor("secrets", "remove", "COMPOSIO_API_KEY").output
    again = watchfloor("secrets", "remove", "COMPOSIO_API_KEY")
    assert (again.exit_code, again.output) == (1, "watchfloor: COMPOSIO_API_KEY is not stored.\n")


def test_a_value_is_not_taken_from_nowhere(watchfloor: Watchfloor) -> None:
    assert watchfloor("secrets", "set", "MAIL_PASSWORD").exit_code == 2
    empty = watchfloor("secrets", "set", "MAIL_PASSWORD", "--value-stdin", input="\n")
    assert (empty.exit_code, "must be one line" in empty.output) == (1, True)


def test_a_new_key_step_by_step(watchfloor: Watchfloor) -> None:
    store(watchfloor, SECRET_KEY="old")

    both = {"SECRET_KEY": "new", "SECRET_KEYS_BEFORE": "old"}
    assert "in use" in watchfloor("secrets", "list", **both).output
    told = watchfloor("secrets", "rotate", **both)

    assert told.exit_code == 0
    assert "stored_secrets.value: 1 encrypted anew, 0 with the present key already" in told.output
    assert "SECRET_KEYS_BEFORE can go" in told.output
    assert "in use" in watchfloor("secrets", "list", SECRET_KEY="new").output
    assert "can't be read" in watchfloor("secrets", "list", SECRET_KEY="old").output


def test_without_the_earlier_key_it_is_said_what_is_lost_and_how_to_mend_it(watchfloor: Watchfloor) -> None:
    store(watchfloor, SECRET_KEY="old")

    told = watchfloor("secrets", "rotate", SECRET_KEY="new")
    report = watchfloor("secrets", "rotate", "--json", SECRET_KEY="new")

    assert (told.exit_code, report.exit_code) == (1, 1)
    assert "1 can't be read (COMPOSIO_API_KEY)" in told.output
    assert "put the key that they were encrypted with into SECRET_KEYS_BEFORE" in told.output
    assert "can go" not in told.output
    assert json.loads(report.stdout)["ok"] is False


def test_what_can_not_be_read_is_named_and_everything_else_goes_on(watchfloor: Watchfloor) -> None:
    store(watchfloor, SECRET_KEY="old")

    result = watchfloor("top", SECRET_KEY="new")

    assert result.exit_code == 0
    assert "the stored COMPOSIO_API_KEY can't be read with this SECRET_KEY, and is not used" in result.stderr
    assert "SECRET_KEYS_BEFORE" in result.stderr


def test_as_people_run_it_the_key_is_made_beside_the_database(
    program: Program, settings: Settings, tmp_path: Path
) -> None:
    assert program("top").returncode == 0
    assert not (tmp_path / "secret.key").exists()

    assert "None is stored" in program("secrets", "list").stdout
    assert len((tmp_path / "secret.key").read_text()) == 64
