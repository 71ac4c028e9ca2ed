"""`watchfloor why`: a task beside others, what would have to change, and the week ahead."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchfloor


@pytest.fixture
def tasks(watchfloor: Watchfloor, tmp_path: Path) -> dict[str, int]:
    """Four tasks of a table, by title."""
    path = tmp_path / "tasks.csv"
    rows = ["Task,Priority", "Pump to order,urgent", "Offer to write,high", "List to tidy,", "Old thing,low"]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert watchfloor("import", path).exit_code == 0
    return {task["title"]: task["id"] for task in json.loads(watchfloor("top", "--json").stdout)}


def said(watchfloor: Watchfloor, *arguments: object) -> str:
    found = watchfloor("why", *map(str, arguments))
    assert found.exit_code == 0, found.output
    return " ".join(found.stdout.split())


def test_it_tells_the_place_and_what_stands_above_and_below(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["Offer to write"])

    assert "Place 2 in the queue." in told
    assert "“Pump to order” stands above “Offer to write” by 8 points: +20 Priority urgent, -12 Priority high." in told
    assert "“Offer to write” stands above “List to tidy” by 12 points: +12 Priority high." in told


def test_the_first_has_nobody_above(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["Pump to order"])

    assert "Place 1 in the queue." in told
    assert told.count("stands above") == 1


def test_two_tasks_are_compared_rule_by_rule(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["Old thing"], "--versus", tasks["Pump to order"])

    assert "“Pump to order” stands above “Old thing” by 32 points: +20 Priority urgent, +12 Priority low" in told
    assert "-12 -12 Priority low" in told


def test_what_would_have_to_change_is_told_the_cheapest_first(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["List to tidy"], "--what-if", f"above:{tasks['Offer to write']}")

    assert "Above “Offer to write”, which stands at" in told
    assert told.index("priority urgent: ") < told.index("due by ")
    assert "place 2" in told


def test_where_nothing_is_enough_the_closest_is_told(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["List to tidy"], "--what-if", "points:900")

    assert "Nothing alone is enough. Closest: due by " in told
    assert "below the goal" in told


def test_the_week_ahead_begins_with_one_sentence(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["Pump to order"], "--forecast")

    assert told.startswith("First now, and still first ")
    assert "Compared with 3 of 3 other open tasks." in told


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("--versus", {"task", "other", "above", "by", "difference", "lines", "sentence"}),
        ("--what-if", {"task", "now", "goal", "changes", "closest", "compared"}),
        ("--forecast", {"task", "until", "changes", "first_at", "top_ten_at", "bands", "sentence", "compared"}),
    ],
)
def test_programs_get_each_as_json(watchfloor: Watchfloor, tasks: dict[str, int], option: str, names: set[str]) -> None:
    other = [str(tasks["List to tidy"])] if option == "--versus" else []

    found = json.loads(watchfloor("why", str(tasks["Pump to order"]), option, *other, "--json").stdout)

    assert names <= set(found)


def test_a_change_is_called_from_and_to(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    found = json.loads(watchfloor("why", str(tasks["Old thing"]), "--what-if", "points:0", "--json").stdout)

    assert (found["changes"][0]["from"], found["changes"][0]["to"]) == ("low", None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("1", "first"),
        ("1", "--what-if", "best"),
        ("1", "--what-if", "--at", "2026-03-02"),
        ("1", "--forecast", "--at", "2026-03-02"),
        ("1", "--forecast", "--what-if", "--json"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(watchfloor: Watchfloor, arguments: tuple[str, ...]) -> None:
    assert watchfloor("why", *arguments).exit_code == 2


WITH_A_TARGET = """
name = "answers"
bands = { now = 70, next = 40, later = 15 }

[[targets]]
id = "answer"
title = "First answer"
clock = "first_response"
within = "4h"

[[rules]]
id = "turn"
title = "Our turn"
when = "turn == 'ours'"
points = 10
say = "It is ours"
"""


def test_clocks_with_a_target_are_told_with_their_state(watchfloor: Watchfloor, mailbox: Path, tmp_path: Path) -> None:
    rules = tmp_path / "answers.toml"
    rules.write_text(WITH_A_TARGET, encoding="utf-8")
    assert watchfloor("import", mailbox).exit_code == 0
    assert watchfloor("rules", "apply", rules).exit_code == 0
    (task,) = [each["id"] for each in json.loads(watchfloor("top", "--json").stdout) if each["turn"] == "ours"]

    (clock,) = json.loads(watchfloor("why", str(task), "--json").stdout)["clocks"]

    assert (clock["clock"], clock["target"], clock["within_s"]) == ("first_response", "answer", 4 * 3600)
    assert (clock["state"], clock["running"], clock["calendar"]) == ("breached", True, None)
    assert [mark["percent"] for mark in clock["marks"]] == [50, 75, 100]
    assert "First answer: breached, " in said(watchfloor, task)
    assert " of 4 h have run" in said(watchfloor, task)


def test_the_sum_can_be_made_by_another_ruleset(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["Pump to order"], "--ruleset", "eisenhower")

    assert "by the ruleset eisenhower, version 1" in told
    assert "+60 Important: its priority is urgent" in told


def test_what_goes_by_the_active_ruleset_takes_no_other(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    found = watchfloor("why", str(tasks["Pump to order"]), "--forecast", "--ruleset", "sla")

    assert found.exit_code == 2
    assert "--ruleset" in found.output
