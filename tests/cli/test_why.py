"""`watchfloor why`: a task beside others, what would have to change, and the week ahead."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Watchfloor
from tests.workflows.mailbox import answer, mail, write


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


def test_of_a_time_before_it_came_it_is_said_when_it_came(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    task = tasks["Pump to order"]
    came = datetime.fromisoformat(json.loads(watchfloor("top", "--json").stdout)[0]["created_at"])

    told = said(watchfloor, task, "--at", "2025-03-02T14:00:00Z")

    assert "As of Sun 02 Mar 2025 14:00 UTC." in told
    assert f"It was not here then: it came {came:%a %d %b %Y %H:%M} UTC." in told
    assert "in the queue" not in told
    assert "Nothing is recorded of that time" in told


def test_of_a_time_that_is_remembered_it_is_said_that_it_is_recorded(
    watchfloor: Watchfloor, tasks: dict[str, int]
) -> None:
    moment = datetime.now(UTC)

    told = said(watchfloor, tasks["Pump to order"], "--at", moment.isoformat())

    assert f"As of {moment:%a %d %b %Y %H:%M} UTC. This rests on what is recorded of that time." in told


def test_of_a_time_to_come_it_is_said_which_and_on_what_it_rests(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    told = said(watchfloor, tasks["Pump to order"], "--at", "2090-03-02T14:00:00Z")

    assert "As of Thu 02 Mar 2090 14:00 UTC. This rests on what is known now, if nothing changes until then." in told
    assert "It was not here" not in told
    beside = said(watchfloor, tasks["Pump to order"], "--versus", tasks["Old thing"], "--at", "2090-03-02T14:00:00Z")
    assert "As of Thu 02 Mar 2090 14:00 UTC." in beside


def test_an_empty_sum_says_that_nothing_gives_points(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    assert "Nothing gives it points. = 0" in said(watchfloor, tasks["List to tidy"])
    assert "Nothing gives" not in said(watchfloor, tasks["Old thing"])


def test_rules_without_points_are_counted_and_on_demand_each_is_told(
    watchfloor: Watchfloor, tasks: dict[str, int]
) -> None:
    task = tasks["Pump to order"]
    checked = json.loads(watchfloor("why", str(task), "--json").stdout)["also_checked"]
    unknown = sum(each["outcome"] == "unknown" for each in checked)

    told, every = said(watchfloor, task), said(watchfloor, task, "--all")

    assert told.endswith(
        f"Also checked: {len(checked)} rules that give nothing, {unknown} of them for lack of facts: --all"
    )
    assert all(each["title"] not in told.partition("Also checked")[2] for each in checked)
    assert all(f"{each['title']}: " in every for each in checked)


def test_a_rule_that_could_not_be_applied_is_always_named(
    watchfloor: Watchfloor, tasks: dict[str, int], tmp_path: Path
) -> None:
    rules = tmp_path / "broken.toml"
    rules.write_text(FAILING, encoding="utf-8")

    told = said(watchfloor, tasks["Pump to order"], "--ruleset", rules)

    assert "Could not be applied: Divides: " in told
    assert "Also checked" not in told


FAILING = """
name = "broken"
bands = { now = 70, next = 40, later = 15 }

[[rules]]
id = "divides"
title = "Divides"
when = "1 / label_count > 3"
points = 10
say = "It divides"
"""


def test_all_that_is_known_of_it_is_a_table(watchfloor: Watchfloor, mailbox: Path) -> None:
    assert watchfloor("import", mailbox).exit_code == 0
    (task,) = [each["id"] for each in json.loads(watchfloor("top", "--json").stdout) if each["due_at"]]

    told = said(watchfloor, task, "--facts")

    assert "says_urgent bool item " in told
    assert "«It is urgent" in told or "«urgent»" in told
    assert "due_from string derived words" in told
    assert "due_at timestamp item 1 Fri 06 Mar 2026 " in told
    answer = json.loads(watchfloor("why", str(task), "--facts", "--json").stdout)
    assert {fact["name"]: fact["value"] for fact in answer["facts"]}["says_urgent"] is True
    earlier = said(watchfloor, task, "--facts", "--at", "2025-03-02T14:00:00Z")
    assert "It was not here then" in earlier
    assert "says_urgent" not in earlier


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
    assert " if nothing changes. " in told
    assert "Compared with 3 of 3 other open tasks." in told


def test_the_week_ahead_shows_what_turns_and_on_demand_every_change(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    due = datetime.now(UTC) + timedelta(days=3)
    path.write_text(f"Task,Priority,Due\nReport,,{due:%Y-%m-%d}\nMarked,urgent,\n", encoding="utf-8")
    assert watchfloor("import", path).exit_code == 0
    ids = {task["title"]: task["id"] for task in json.loads(watchfloor("top", "--json").stdout)}
    found = json.loads(watchfloor("why", str(ids["Report"]), "--forecast", "--json").stdout)
    turns = {change["at"] for change in found["bands"]} | {found["first_at"]}
    turns |= {found["changes"][0]["at"], found["changes"][-1]["at"]}
    assert len(turns) < len(found["changes"])

    told, every = (said(watchfloor, ids["Report"], "--forecast", *more) for more in ((), ("--all",)))

    shown = {change["at"] for change in found["changes"] if f"{minute(change['at'])} {change['points']} " in told}
    assert shown == turns
    assert f"Not shown: {len(found['changes']) - len(turns)} smaller changes in between: --all" in told
    assert all(f"{minute(change['at'])} {change['points']} " in every for change in found["changes"][1:])
    assert "Not shown" not in every


def minute(at: str) -> str:
    return f"{datetime.fromisoformat(at):%a %d %b %Y %H:%M} UTC"


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("--versus", {"task", "other", "above", "by", "difference", "lines", "sentence"}),
        ("--what-if", {"task", "now", "goal", "changes", "closest", "compared"}),
        ("--facts", {"task", "at", "basis", "facts"}),
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
        ("1", "--facts", "--versus", "2", "--json"),
        ("1", "--facts", "--ruleset", "sla"),
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
    assert "in the queue" not in told
    answer = watchfloor("why", str(tasks["Pump to order"]), "--ruleset", "eisenhower", "--json")
    assert json.loads(answer.stdout)["rank"] is None
    assert "+60 Important: its priority is urgent" in told


def test_a_clock_that_was_stopped_in_time_is_met_and_one_that_was_not_is_missed(
    watchfloor: Watchfloor, tmp_path: Path
) -> None:
    mails = [
        mail("Could you send it?", id="fast@client.example", subject="Fast", at="2026-03-02T09:00"),
        answer("fast@client.example", id="soon@watch.example", at="2026-03-02T09:30"),
        mail("Could you send it?", id="slow@client.example", subject="Slow", at="2026-03-02T09:00"),
        answer("slow@client.example", id="late@watch.example", at="2026-03-03T09:30"),
    ]
    rules = tmp_path / "answers.toml"
    rules.write_text(WITH_A_TARGET, encoding="utf-8")
    assert watchfloor("import", write(tmp_path / "answered.mbox", mails)).exit_code == 0
    ids = {task["title"]: task["id"] for task in json.loads(watchfloor("top", "--json").stdout)}

    met, missed = (said(watchfloor, ids[title], "--ruleset", rules) for title in ("Fast", "Slow"))

    assert "First answer: met, 30 min of 4 h had run when it stopped" in met
    assert "First answer: missed, 24 h of 4 h had run when it stopped" in missed


def test_what_goes_by_the_active_ruleset_takes_no_other(watchfloor: Watchfloor, tasks: dict[str, int]) -> None:
    found = watchfloor("why", str(tasks["Pump to order"]), "--forecast", "--ruleset", "sla")

    assert found.exit_code == 2
    assert "--ruleset" in found.output
