"""`watchfloor users`."""

import json
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.settings import Settings
from tests.cli.conftest import Watchfloor

EMAIL = "ana@example.org"
PASSWORD = "correct lantern basin 42\n"


def as_json(watchfloor: Watchfloor, *arguments: str) -> Any:
    return json.loads(watchfloor(*arguments, "--json").stdout)


@pytest.fixture
def ana(watchfloor: Watchfloor) -> str:
    assert watchfloor("users", "add", EMAIL, "--role", "admin", "--name", "Ana Ruiz").exit_code == 0
    return EMAIL


def test_somebody_is_added_with_a_password_from_standard_input(watchfloor: Watchfloor) -> None:
    done = watchfloor("users", "add", "Ana@Example.org", "--role", "admin", "--password-stdin", input=PASSWORD)

    assert (done.exit_code, done.stderr) == (0, "")
    assert "admin     ana@example.org  never here" in done.stdout
    assert as_json(watchfloor, "users", "list")[0]["has_password"]


def test_without_one_it_is_said_what_comes_next(watchfloor: Watchfloor) -> None:
    done = watchfloor("users", "add", EMAIL, "--role", "viewer")

    assert "no password" in done.stdout
    assert f"users password {EMAIL}" in done.stdout


def test_who_there_is_is_listed(watchfloor: Watchfloor, ana: str) -> None:
    assert "Ana Ruiz <ana@example.org>" in watchfloor("users", "list").stdout
    assert [user["email"] for user in as_json(watchfloor, "users", "list")] == [ana]


def test_where_nobody_is_it_is_said_how_to_add_somebody(watchfloor: Watchfloor) -> None:
    assert "users add EMAIL --role admin" in watchfloor("users", "list").stdout


def test_a_role_is_given_and_somebody_is_disabled_and_enabled(watchfloor: Watchfloor, ana: str) -> None:
    watchfloor("users", "add", "ben@example.org", "--role", "admin")

    assert as_json(watchfloor, "users", "role", ana, "viewer")["role"] == "viewer"
    assert "disabled" in watchfloor("users", "disable", ana).stdout
    assert "disabled" not in watchfloor("users", "enable", ana).stdout


def test_the_last_admin_stays(watchfloor: Watchfloor, ana: str) -> None:
    for command in (("remove", ana), ("disable", ana), ("role", ana, "viewer")):
        done = watchfloor("users", *command)
        assert done.exit_code == 1
        assert "the only admin" in done.stderr


def test_somebody_is_removed(watchfloor: Watchfloor, ana: str) -> None:
    watchfloor("users", "add", "ben@example.org", "--role", "viewer")

    assert watchfloor("users", "remove", "ben@example.org").stdout == "ben@example.org is removed.\n"
    assert [user["email"] for user in as_json(watchfloor, "users", "list")] == [ana]


def test_keys_that_somebody_made_for_nobody_are_told_and_ended(
    watchfloor: Watchfloor, ana: str, settings: Settings
) -> None:
    watchfloor("users", "add", "eve@example.org", "--role", "admin")
    database = create_engine(settings.database_url.get_secret_value())
    for name in ("backup", "cron"):
        watchfloor("keys", "create", name, "--scopes", "admin")
    with database.begin() as connection:
        connection.execute(text("UPDATE api_keys SET created_by_id = (SELECT max(id) FROM users)"))
    database.dispose()

    told = watchfloor("users", "disable", "eve@example.org").stdout
    assert "still good" in told
    assert "backup" in told
    assert "--revoke-keys" in told
    assert "still good" not in watchfloor("users", "disable", "eve@example.org", "--revoke-keys").stdout
    assert "backup" not in watchfloor("keys", "list").stdout


def test_a_password_is_set_and_a_poor_one_refused(watchfloor: Watchfloor, ana: str) -> None:
    assert watchfloor("users", "password", ana, "--password-stdin", input=PASSWORD).exit_code == 0
    poor = watchfloor("users", "password", ana, "--password-stdin", input="password\n")

    assert as_json(watchfloor, "users", "list")[0]["has_password"]
    assert poor.exit_code == 1
    assert "at least 12 characters" in poor.stderr


def test_where_nobody_can_be_asked_a_password_is_asked_for_on_standard_input(watchfloor: Watchfloor, ana: str) -> None:
    done = watchfloor("users", "password", ana)

    assert done.exit_code == 2
    assert "--password-stdin" in done.stderr


def test_codes_are_switched_off_for_who_lost_their_app(watchfloor: Watchfloor, ana: str) -> None:
    assert "by password alone" in watchfloor("users", "reset-totp", ana).stdout


def test_nobody_is_found_by_another_address(watchfloor: Watchfloor, ana: str) -> None:
    done = watchfloor("users", "enable", "ben@example.org")

    assert done.exit_code == 1
    assert "There is no user ben@example.org." in done.stderr


def test_an_unknown_role_is_wrong_usage(watchfloor: Watchfloor) -> None:
    assert watchfloor("users", "add", EMAIL, "--role", "owner").exit_code == 2
