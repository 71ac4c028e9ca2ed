"""`watchfloor audit`: listing, verifying, exporting; and that commands leave entries themselves."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from app.core.acting import at_the_terminal
from app.settings import Settings
from tests.cli.conftest import Watchfloor
from tests.core.audit.trail import verified_by_hand


def entries(watchfloor: Watchfloor, *arguments: str) -> Any:
    return json.loads(watchfloor("audit", "list", "--json", *arguments).stdout)


def test_a_command_leaves_an_entry_with_its_name_and_whose_hand_it_was(watchfloor: Watchfloor, mailbox: Path) -> None:
    assert watchfloor("import", mailbox).exit_code == 0

    ended, begun = entries(watchfloor, "--actor", "cli")
    assert (begun["action"], begun["target"], begun["actor_name"]) == (
        "cli import",
        "integration:1",
        at_the_terminal().name,
    )
    assert {"integration:1", "run:1"} == {each["target"] for each in begun["changes"]}
    assert (ended["action"], ended["target"]) == ("cli import", "run:1")
    assert begun["correlation_id"] == ended["correlation_id"] != ""


def test_a_command_of_a_group_is_named_in_full(watchfloor: Watchfloor) -> None:
    assert watchfloor("integrations", "add", "notion", "wiki", "--account", "ca_1").exit_code == 0

    [entry] = entries(watchfloor, "--actor", "cli")
    assert entry["action"] == "cli integrations add"
    assert "ca_1" not in str(entry)


def test_what_was_shipped_was_stored_by_the_program(watchfloor: Watchfloor) -> None:
    [entry] = entries(watchfloor)

    assert (entry["actor"], entry["action"]) == ("program", "store_shipped")


def test_it_is_listed_for_people(watchfloor: Watchfloor, mailbox: Path) -> None:
    watchfloor("import", mailbox)

    said = watchfloor("audit", "list", "--target", "run:1").stdout
    assert "cli import  run:1  (state: running → succeeded, new: nothing → 4" in said
    assert watchfloor("audit", "list", "-q", "nobody said this").stdout == "There is none.\n"
    assert "store_shipped" in watchfloor("audit", "list", "-n", "1", "--until", "2100-01-01", "-q", "shipped").stdout
    assert watchfloor("audit", "list", "--since", "2100-01-01").stdout == "There is none.\n"
    assert watchfloor("audit", "list", "--since", "soon").exit_code == 2


def test_it_is_verified_and_its_head_is_a_witness(watchfloor: Watchfloor, mailbox: Path) -> None:
    watchfloor("import", mailbox)

    said = watchfloor("audit", "verify")
    assert said.exit_code == 0
    assert said.stdout.startswith("3 entries, from 1 on, are as they were written.\nhead 3:")
    head = said.stdout.split()[-1]
    assert watchfloor("audit", "verify", "--head", head).exit_code == 0
    assert json.loads(watchfloor("audit", "verify", "--json").stdout)["head"]["hash"] == head.partition(":")[2]

    other = watchfloor("audit", "verify", "--head", "3:" + "0" * 64)
    assert other.exit_code == 1
    assert "is not the one that was seen" in other.stderr
    assert watchfloor("audit", "verify", "--head", "three").exit_code == 2


def test_an_export_is_verified_without_this_program(watchfloor: Watchfloor, mailbox: Path, tmp_path: Path) -> None:
    watchfloor("import", mailbox)
    path = tmp_path / "trail.jsonl"

    assert watchfloor("audit", "export", path).stdout == f"Wrote 3 entries to {path}.\n"

    head = verified_by_hand(path.read_text().splitlines())
    assert f"head 3:{head}" in watchfloor("audit", "verify").stdout
    again = watchfloor("audit", "export", path)
    assert again.exit_code == 1
    assert "is there already" in again.stderr


def test_the_check_of_the_database_finds_what_was_tampered_with(watchfloor: Watchfloor, mailbox: Path) -> None:
    watchfloor("import", mailbox)
    assert watchfloor("db", "check").exit_code == 0
    path = Settings().database.partition(":///")[2]
    with sqlite3.connect(path) as connection:
        trigger, sql = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_entries_stay'"
        ).fetchone()
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE audit_entries SET actor_name = 'Nobody' WHERE id = 2")
        connection.execute(sql)

    [finding] = json.loads(watchfloor("db", "check", "--json").stdout)["findings"]
    assert finding["where"] == "audit_entries"
    assert "Entry 2 is not as it was written." in finding["what"]
    assert watchfloor("audit", "verify").exit_code == 1
