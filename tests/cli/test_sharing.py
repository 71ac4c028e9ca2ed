"""`watchfloor integrations share`: the terminal says who sees an integration."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Watchfloor


@pytest.fixture(autouse=True)
def diary(watchfloor: Watchfloor) -> None:
    for name in ("ana", "ben"):
        assert watchfloor("users", "add", f"{name}@example.org", "--role", "viewer").exit_code == 0
    assert watchfloor("integrations", "add", "gmail", "diary").exit_code == 0


def share(watchfloor: Watchfloor, *options: str) -> str:
    done = watchfloor("integrations", "share", "diary", *options)
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip()


def test_it_is_everybody_s_until_somebody_says_otherwise(watchfloor: Watchfloor) -> None:
    assert share(watchfloor) == "diary: everybody sees it"


def test_it_is_made_private_shared_with_some_and_with_all_again(watchfloor: Watchfloor) -> None:
    assert share(watchfloor, "--private", "--owner", "ana@example.org") == "diary: private, ana@example.org's"
    both = "diary: private, ana@example.org's, seen by ben@example.org too"
    assert share(watchfloor, "--with", "ben@example.org") == both
    assert both.removeprefix("diary: ") in watchfloor("integrations", "list").stdout
    assert share(watchfloor, "--without", "ben@example.org") == "diary: private, ana@example.org's"
    assert share(watchfloor, "--public") == "diary: everybody sees it"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--private"], "Name one with --owner EMAIL"),
        (["--with", "ben@example.org"], "Everybody sees an integration that is not private"),
        (["--private", "--owner", "zoe@example.org"], "There is no user zoe@example.org"),
    ],
)
def test_what_can_t_be_is_said(watchfloor: Watchfloor, options: list[str], said: str) -> None:
    done = watchfloor("integrations", "share", "diary", *options)

    assert done.exit_code == 1
    assert said in done.stderr


def test_both_at_once_is_wrong_usage(watchfloor: Watchfloor) -> None:
    assert watchfloor("integrations", "share", "diary", "--public", "--private").exit_code == 2


def changes(watchfloor: Watchfloor) -> int:
    listed = watchfloor("audit", "list", "--target", "integration:1", "--json")
    return len(json.loads(listed.stdout))


def told(tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "watchfloor.db") as database:
        return int(database.execute("SELECT count(*) FROM events WHERE type = 'integration.changed'").fetchone()[0])


def test_looking_changes_nothing_and_what_stays_as_it_was_is_not_told(watchfloor: Watchfloor, tmp_path: Path) -> None:
    share(watchfloor, "--private", "--owner", "ana@example.org")
    before = changes(watchfloor), told(tmp_path)

    share(watchfloor)
    share(watchfloor, "--private")
    assert (changes(watchfloor), told(tmp_path)) == before

    share(watchfloor, "--public")
    assert (changes(watchfloor), told(tmp_path)) == (before[0] + 1, before[1] + 1)


def test_programs_read_who_sees_it(watchfloor: Watchfloor) -> None:
    share(watchfloor, "--private", "--owner", "ana@example.org", "--with", "ben@example.org")

    ana, ben = ({"id": id_, "email": f"{name}@example.org"} for id_, name in ((1, "ana"), (2, "ben")))
    assert json.loads(share(watchfloor, "--json")) == {
        "name": "diary",
        "private": True,
        "sharing": {"owner": ana, "viewers": [ben]},
    }
