"""`watchfloor keys`."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domains.identity.keys import is_key
from tests.cli.conftest import Watchfloor

WITHIN = timedelta(minutes=5)


def made(watchfloor: Watchfloor, *arguments: str) -> dict[str, Any]:
    done = watchfloor("keys", "create", "nightly", "--scopes", "sync:run,tasks:read", *arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_key_is_printed_alone_so_that_it_can_be_sent_into_a_file(watchfloor: Watchfloor) -> None:
    done = watchfloor("keys", "create", "nightly", "--scopes", "sync:run")

    assert is_key(done.stdout.removesuffix("\n"))
    assert "nightly  sync:run  expires never" in done.stderr
    assert "it is not shown again" in done.stderr


def test_as_json_the_key_comes_with_all_that_is_known_of_it(watchfloor: Watchfloor) -> None:
    key = made(watchfloor, "--networks", "10.0.0.0/8, 192.0.2.7", "--expires", "2099-01-01")

    assert is_key(key["key"])
    assert key["key"].startswith(key["prefix"])
    assert key["scopes"] == ["sync:run", "tasks:read"]
    assert key["networks"] == ["10.0.0.0/8", "192.0.2.7/32"]
    assert key["expires_at"] == "2099-01-01T23:59:59Z"
    assert key["owner"] is None
    assert key["created_by"].endswith("(command line)")


def test_an_expiry_may_be_a_span(watchfloor: Watchfloor) -> None:
    ends = datetime.fromisoformat(made(watchfloor, "--expires", "90d")["expires_at"])

    assert abs(ends - datetime.now(UTC) - timedelta(days=90)) < WITHIN


def test_keys_are_listed_without_the_keys(watchfloor: Watchfloor, tmp_path: Path) -> None:
    key = made(watchfloor)["key"]

    said, told = watchfloor("keys", "list"), watchfloor("keys", "list", "--json")

    assert "nightly  sync:run, tasks:read  expires never  never used" in said.stdout
    assert [each["name"] for each in json.loads(told.stdout)] == ["nightly"]
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        (stored,) = database.execute("SELECT key_hash FROM api_keys").fetchone()
    for secret in (key, key.split("_", 2)[2], stored):
        assert secret not in said.output + told.output


def test_where_there_is_none_it_is_said_how_to_make_one(watchfloor: Watchfloor) -> None:
    assert "keys create NAME --scopes tasks:read" in watchfloor("keys", "list").stdout


def test_a_key_is_revoked_by_its_number_or_by_how_it_begins(watchfloor: Watchfloor) -> None:
    one, other = made(watchfloor), made(watchfloor)

    by_number = watchfloor("keys", "revoke", str(one["id"]))
    by_prefix = watchfloor("keys", "revoke", other["prefix"], "--json")

    assert by_number.stdout == f"Key {one['id']} «nightly» ({one['prefix']}…) lets nobody in any more.\n"
    assert json.loads(by_prefix.stdout)["state"] == "revoked"
    assert json.loads(watchfloor("keys", "list", "--json").stdout) == []
    assert len(json.loads(watchfloor("keys", "list", "--all", "--json").stdout)) == 2


def test_a_key_is_replaced_while_the_old_one_is_good_for_a_while(watchfloor: Watchfloor) -> None:
    old = made(watchfloor)

    new = json.loads(watchfloor("keys", "rotate", old["prefix"], "--keep", "2h", "--json").stdout)

    assert is_key(new["key"])
    assert new["scopes"] == old["scopes"]
    ends = {each["id"]: each["expires_at"] for each in json.loads(watchfloor("keys", "list", "--json").stdout)}
    assert ends[new["id"]] is None
    assert abs(datetime.fromisoformat(ends[old["id"]]) - datetime.now(UTC) - timedelta(hours=2)) < WITHIN
    watchfloor("keys", "rotate", str(new["id"]), "--keep", "0")
    assert str(new["id"]) not in [each["id"] for each in json.loads(watchfloor("keys", "list", "--json").stdout)]


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["--scopes", "everything"], "there is no scope everything. There are tasks:read, tasks:write", 2),
        (["--scopes", ","], "give some of tasks:read", 2),
        (["--scopes", "admin", "--expires", "soon"], "soon is no time", 2),
        (["--scopes", "admin", "--expires", "2001-01-01"], "lies in the past", 2),
        (["--scopes", "admin", "--networks", "10.0.0.1/8"], "expects networks such as 10.0.0.0/8", 2),
        (["--scopes", "admin", "--user", "nobody@example.org"], "There is no user nobody@example.org.", 1),
    ],
)
def test_what_can_not_be_made_is_said(watchfloor: Watchfloor, arguments: list[str], said: str, code: int) -> None:
    done = watchfloor("keys", "create", "nightly", *arguments)

    assert done.exit_code == code
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert json.loads(watchfloor("keys", "list", "--json").stdout) == []


def test_a_key_that_is_not_there_can_not_be_revoked(watchfloor: Watchfloor) -> None:
    said = "watchfloor: There is no such key. See which there are: watchfloor keys list --all\n"
    for named in ("7", "wf_000000000000", "nightly"):
        done = watchfloor("keys", "revoke", named)
        assert (done.exit_code, done.stderr) == (1, said)


def test_the_signing_key_is_replaced(watchfloor: Watchfloor, tmp_path: Path) -> None:
    first, second = watchfloor("keys", "rotate-signing"), watchfloor("keys", "rotate-signing", "--now")

    assert "Earlier tokens stay good until they run out." in first.stdout
    assert "All earlier tokens are void." in second.stdout
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        (kept,) = database.execute("SELECT id FROM signing_keys").fetchall()
    assert kept[0] in second.stdout


def test_a_key_of_a_user_gives_no_more_than_their_role(watchfloor: Watchfloor, tmp_path: Path) -> None:
    watchfloor("keys", "list")  # makes the tables
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database, database:
        at = "2026-03-02 09:00:00"
        columns = "email, name, role, recovery_codes, created_at, updated_at"
        values = ("vera@example.org", "", "viewer", "[]", at, at)
        database.execute(f"INSERT INTO users ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - all ours

    key = made(watchfloor, "--user", "Vera@example.org", "--scopes", "tasks:read")
    assert key["owner"]["email"] == "vera@example.org"
    refused = watchfloor("keys", "create", "more", "--scopes", "tasks:read,admin", "--user", "vera@example.org")
    assert "vera@example.org is viewer, and may not do what admin allows" in refused.stderr


def test_more_keys_than_one_page_are_all_listed(watchfloor: Watchfloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.keys._AT_ONCE", 2)
    for _ in range(5):
        made(watchfloor)

    assert [each["id"] for each in json.loads(watchfloor("keys", "list", "--json").stdout)] == [1, 2, 3, 4, 5]


def test_programs_read_which_key_signs_now(watchfloor: Watchfloor) -> None:
    done = json.loads(watchfloor("keys", "rotate-signing", "--now", "--json").stdout)

    assert done["key"]
    assert done["earlier_tokens"] == "void"
