"""`watchfloor rank-above` and `watchfloor rules proposals`."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Watchfloor

RULES = """
name = "own"
bands = { now = 70, next = 40, later = 15 }

[[rules]]
id = "urgent"
title = "Priority urgent"
when = "priority == 'urgent'"
points = 20
say = "Its priority is urgent"

[[rules]]
id = "project"
title = "Our project"
when = "project == 'Home'"
points = 18
say = "Belongs to Home"
"""
TABLE = "Title,Status,Priority,Project\n" + "".join(f"Home {n},open,,Home\nUrgent {n},open,urgent,\n" for n in range(3))


@pytest.fixture
def office(watchfloor: Watchfloor, tmp_path: Path) -> dict[str, int]:
    """Rules by which what is urgent stands above what is ours, and three tasks of each. Ids by title."""
    (tmp_path / "own.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "tasks.csv").write_text(TABLE, encoding="utf-8")
    assert watchfloor("rules", "apply", tmp_path / "own.toml").exit_code == 0
    assert watchfloor("import", tmp_path / "tasks.csv").exit_code == 0
    return {task["title"]: task["id"] for task in as_json(watchfloor, "top")}


def as_json(watchfloor: Watchfloor, *arguments: str) -> Any:
    return json.loads(watchfloor(*arguments, "--json").stdout)


def above(watchfloor: Watchfloor, office: dict[str, int], number: int) -> str:
    return watchfloor("rank-above", str(office[f"Home {number}"]), str(office[f"Urgent {number}"])).stdout


def yesterday(path: Path) -> None:
    """As if everything so far had been dragged a day ago."""
    with sqlite3.connect(path) as database:
        database.execute("UPDATE rank_pairs SET at = datetime(at, '-1 day') || '.000000'")
    database.close()


@pytest.fixture
def proposed(watchfloor: Watchfloor, office: dict[str, int], tmp_path: Path) -> str:
    """The number of a proposal."""
    above(watchfloor, office, 0)
    above(watchfloor, office, 1)
    yesterday(tmp_path / "watchfloor.db")
    said = above(watchfloor, office, 2)
    assert "waits for your decision" in said
    return said.split()[-1]


def test_a_drag_says_what_is_missing_and_moves_nothing(watchfloor: Watchfloor, office: dict[str, int]) -> None:
    before = watchfloor("top").stdout

    said = above(watchfloor, office, 0)

    assert said == (
        "Noted. 2 more such drags, at least one of them on another day, and a change of the rules is proposed. "
        "The queue stays as it is.\n"
    )
    assert watchfloor("top").stdout == before
    assert "rank-above TASK OTHER" in watchfloor("rules", "proposals").stdout
    assert as_json(watchfloor, "rules", "proposals") == []


def test_a_proposal_is_listed_and_shown_with_its_evidence(watchfloor: Watchfloor, proposed: str) -> None:
    listed = watchfloor("rules", "proposals").stdout
    shown = watchfloor("rules", "proposals", "show", proposed).stdout

    assert f"{proposed}  open" in listed
    assert "project: Our project: 18 → 20 points, as 3 drags ask." in listed
    assert "“Home 2” (task" in shown
    assert "Of 6 open tasks 6 would move." in shown
    assert as_json(watchfloor, "rules", "proposals")[0]["state"] == "open"
    assert len(as_json(watchfloor, "rules", "proposals", "show", proposed)["changes"][0]["evidence"]) == 3


def test_an_accepted_proposal_ranks_and_is_taken_back_by_one_command(watchfloor: Watchfloor, proposed: str) -> None:
    done = watchfloor("rules", "proposals", "accept", proposed, "--note", "As agreed")
    titles = [task["title"] for task in as_json(watchfloor, "top")]

    assert "is accepted. own version 2 ranks now." in done.stdout
    assert titles == ["Home 0", "Home 1", "Home 2", "Urgent 0", "Urgent 1", "Urgent 2"]
    assert f"(proposal {proposed})" in watchfloor("rules", "show").stdout
    assert watchfloor("rules", "proposals", "accept", proposed).exit_code == 1

    back = as_json(watchfloor, "rules", "proposals", "revert", proposed)

    assert (back["proposal"]["state"], back["ruleset"]["version"], back["ranked"]) == ("reverted", 1, 6)
    assert watchfloor("rules", "show").stdout == RULES


def test_a_rejected_proposal_changes_nothing(watchfloor: Watchfloor, proposed: str) -> None:
    done = watchfloor("rules", "proposals", "reject", proposed)

    assert "is rejected. The rules stay as they are" in done.stdout
    assert watchfloor("rules", "show").stdout == RULES


def test_what_can_not_be_done_is_told_in_a_sentence(watchfloor: Watchfloor, office: dict[str, int]) -> None:
    for arguments, said in (
        (("rank-above", "999", "1"), "There is no task 999."),
        (("rank-above", "1", "1"), "A task can't stand above itself."),
        (("rules", "proposals", "accept", "9"), "There is no proposal 9."),
        (("rules", "proposals", "show", "9"), "There is no proposal 9."),
    ):
        done = watchfloor(*arguments)
        assert done.exit_code == 1
        assert said in done.stderr
