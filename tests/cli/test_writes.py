"""`watchfloor writes`: switched on, looked at, and decided by a person."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Watchfloor

WHY = "It is «In review» by now, it was «To do»; nothing was overwritten."


@pytest.fixture
def met_a_conflict(watchfloor: Watchfloor, tmp_path: Path) -> int:
    """A task whose source somebody changed meanwhile; its number in the outbox."""
    assert watchfloor("integrations", "add", "notion", "wiki", "--account", "ca_1").exit_code == 0
    columns = "task_id, integration_id, mark, before, actor, state, why, expected, effect, created_at"
    values = "1, 1, 'done', 'open', 'person', 'conflict', ?, '{}', '{}', '2026-03-02 09:00:00'"
    named = json.loads(watchfloor("db", "check", "--json").stdout)
    assert named["findings"] == []
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database, database:
        _task(database)
        database.execute(f"INSERT INTO task_writes ({columns}) VALUES ({values})", (WHY,))  # noqa: S608 - all ours
    return 1


def _task(database: sqlite3.Connection) -> None:
    """Whatever the columns are that must hold something: this one is done."""
    columns = database.execute("PRAGMA table_info(tasks)").fetchall()
    must = [row[1] for row in columns if row[1] == "mark" or (row[3] and row[4] is None)]
    given = {"status": "done", "mark": "done", "people": "[]", "person_set": "[]", "reasons": "[]"}
    moments = {name for name in must if name.endswith("_at")}
    values = {n: "2026-03-02 09:00:00" if n in moments else given.get(n, "normal" if n == "tier" else 1) for n in must}
    names = ", ".join(must)
    places = ", ".join("?" * len(must))
    database.execute(f"INSERT INTO tasks ({names}) VALUES ({places})", list(values.values()))  # noqa: S608 - all ours


def test_it_is_switched_on_and_off_and_says_what_it_will_do(watchfloor: Watchfloor) -> None:
    watchfloor("integrations", "add", "notion", "wiki", "--account", "ca_1")

    on = watchfloor("writes", "on", "wiki")
    off = watchfloor("writes", "off", "wiki")

    assert on.exit_code == off.exit_code == 0
    assert "wiki is told what people do with its tasks:" in on.stdout
    assert "status" in on.stdout
    assert off.stdout == "wiki is told nothing any more.\n"


def test_what_waits_for_a_person_is_listed_and_left_out(watchfloor: Watchfloor, met_a_conflict: int) -> None:
    listed = watchfloor("writes", "list", "--state", "conflict")
    as_json = json.loads(watchfloor("writes", "list", "--json").stdout)
    left_out = watchfloor("writes", "cancel", met_a_conflict)

    assert f"1  task 1  wiki: open → done  conflict: {WHY}" in listed.stdout
    assert [each["state"] for each in as_json] == ["conflict"]
    assert left_out.exit_code == 0
    assert "cancelled: A person left it out." in left_out.stdout


def test_a_conflict_is_written_over_when_somebody_says_so(watchfloor: Watchfloor, met_a_conflict: int) -> None:
    again = watchfloor("writes", "retry", met_a_conflict, "--overwrite")

    assert again.exit_code == 0
    assert "pending" in again.stdout
    assert WHY not in again.stdout


def test_what_can_not_be_done_says_why(watchfloor: Watchfloor, met_a_conflict: int) -> None:
    assert watchfloor("writes", "retry", 99).exit_code == 1
    assert watchfloor("writes", "on", "nowhere").exit_code == 1
    assert watchfloor("writes", "list", "--state", "lost").exit_code == 2
    assert "Tried again: 0" in watchfloor("writes", "retry-refused", "wiki").stdout
