"""`watchfloor rules preview` and `health`: what would change before it does, and how the rules fare."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Watchfloor
from tests.domains.rulesets.texts import rule, text
from tests.workflows.mailbox import mail, write


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    lunch = rule("lunch", 77).replace("turn == 'ours'", "title == 'Lunch'").replace("It is our turn", "It is lunch")
    path.write_text(text("mine", more=lunch), encoding="utf-8")
    return path


@pytest.fixture
def imported(watchfloor: Watchfloor, tmp_path: Path) -> None:
    """Twelve open tasks. As the default ranks them, the urgent one stands first and the lunch last."""
    messages = [
        mail("Could you look at this?", id=f"n{number}@x.example", subject=f"Case {number}") for number in range(10)
    ]
    messages.append(mail("This one is urgent.", id="u@x.example", subject="Fire in the server room"))
    messages.append(mail("It is moved to one o'clock.", id="l@x.example", subject="Lunch"))
    assert watchfloor("import", write(tmp_path / "inbox.mbox", messages)).exit_code == 0


def said(watchfloor: Watchfloor, *arguments: str | Path) -> str:
    """With single spaces, whatever the width."""
    return " ".join(watchfloor("rules", *arguments).stdout.split())


def as_json(watchfloor: Watchfloor, *arguments: str | Path) -> Any:
    return json.loads(watchfloor("rules", *arguments, "--json").stdout)


@pytest.mark.usefixtures("imported")
def test_the_answer_comes_first_and_the_reasons_after_it(watchfloor: Watchfloor, mine: Path) -> None:
    out = watchfloor("rules", "preview", mine).stdout

    first = out.splitlines()[0]
    assert " of 12 open tasks would move; " in first
    assert "1 comes into now" in first
    assert "mine (" in out
    assert "against default, version 1:" in out
    assert "added    rule lunch" in out
    assert "             fires on 1 of 12 open tasks" in out.splitlines()
    assert "! urgent fires on none" not in out
    assert "setting name" not in out
    assert out.index("The top of the queue") < out.index("Rising most")
    rising = out[out.index("Rising most") :]
    assert rising.splitlines()[1].strip().startswith("↑ 11  #12 → #1  Lunch (task ")
    assert "+77  It is lunch" in rising
    assert "Let it rank:" in out


@pytest.mark.usefixtures("imported")
def test_programs_get_what_the_api_answers(watchfloor: Watchfloor, mine: Path) -> None:
    found = as_json(watchfloor, "preview", mine, "--history-days", "7")

    assert (found["tasks"], found["of"], found["draft"]["name"]) == (12, 12, "mine")
    assert found["bands"]["now"]["in"] == [found["top_after"][0]["task"]]
    assert found["movers"]["up"][0]["before"]["contributions"]
    assert found["history"]["days"] == 7


@pytest.mark.usefixtures("imported")
def test_nothing_is_saved(watchfloor: Watchfloor, mine: Path) -> None:
    before = watchfloor("top", "--json").stdout, as_json(watchfloor, "list")

    watchfloor("rules", "preview", mine)

    assert (watchfloor("top", "--json").stdout, as_json(watchfloor, "list")) == before


@pytest.mark.usefixtures("imported")
def test_what_is_stored_is_previewed_by_its_name_and_compared_with_any_other(
    watchfloor: Watchfloor, mine: Path
) -> None:
    assert said(watchfloor, "preview", "default").startswith("No task would move: 12 open tasks keep their places.")
    assert watchfloor("rules", "apply", mine, "--no-activate").exit_code == 0

    same = as_json(watchfloor, "preview", "mine@1", "--against", "mine")
    other = as_json(watchfloor, "preview", "taskwarrior", "--against", "mine@1")

    assert "\n\nmine@1 against default, version 1:\n" in watchfloor("rules", "preview", "mine@1").stdout
    assert (same["moved"], same["against"]) == (0, {"name": "mine", "version": 1})
    assert (other["draft"]["name"], other["against"]["name"]) == ("taskwarrior", "mine")


@pytest.mark.usefixtures("imported")
def test_other_points_are_told_although_nobody_moves(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "more.toml"
    default = watchfloor("rules", "show", "default").stdout
    more = rule("more").replace("turn == 'ours'", "'title' in known")
    path.write_text(default + more, encoding="utf-8")

    told = "No task would move: 12 open tasks keep their places; 12 tasks would have other points."
    assert said(watchfloor, "preview", path).startswith(told)


@pytest.mark.usefixtures("imported")
def test_a_rule_that_fires_on_no_task_is_warned_of(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "more.toml"
    default = watchfloor("rules", "show", "default").stdout
    path.write_text(default + rule("sums").replace("turn == 'ours'", "money > 9999999.0"), encoding="utf-8")

    out = watchfloor("rules", "preview", path).stdout

    assert "! sums fires on none of 12 open tasks." in out.splitlines()
    (sums,) = as_json(watchfloor, "preview", path)["rules"]
    told = {"rule": "sums", "title": "Rule sums", "what": "added", "fires": 0, "cut": None}
    assert sums == told


@pytest.mark.usefixtures("imported")
def test_history_is_told_in_a_sentence(watchfloor: Watchfloor, mine: Path) -> None:
    assert "No task was late in this time." in said(watchfloor, "preview", mine, "--history-days", "14")


@pytest.mark.usefixtures("imported")
def test_a_draft_that_puts_everything_in_now_is_warned_of_and_still_can_be_applied(
    watchfloor: Watchfloor, tmp_path: Path
) -> None:
    path = tmp_path / "all.toml"
    path.write_text(text("all", more=rule("all", 90).replace("turn == 'ours'", "'title' in known")), encoding="utf-8")

    previewed, applied = said(watchfloor, "preview", path), watchfloor("rules", "apply", path)

    warning = "! All 12 tasks would stand in “now”: where everything is urgent, nothing is."
    assert warning in previewed
    assert applied.exit_code == 0
    assert warning in " ".join(applied.stdout.split())


def test_a_draft_with_mistakes_is_refused_with_all_of_them(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text().replace("says_urgent", "says_urgnt").replace("points = 30", "points = 0"), encoding="utf-8")

    found = watchfloor("rules", "preview", path)

    assert found.exit_code == 1
    assert "did you mean 'says_urgent'?" in found.stderr
    assert len(found.stderr.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("gone",), 1),
        (("default", "--against", "gone"), 1),
        (("default@x",), 2),
        (("default", "--history-days", "91"), 2),
    ],
)
def test_what_is_not_there_and_what_can_not_be_meant(
    watchfloor: Watchfloor, arguments: tuple[str, ...], code: int
) -> None:
    assert watchfloor("rules", "preview", *arguments).exit_code == code


@pytest.mark.usefixtures("imported")
def test_the_health_of_the_rules_is_a_table_with_what_to_look_at(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    ratio = rule("ratio", 5).replace("turn == 'ours'", "asks / replies > 1")
    path.write_text(text("mine", more=ratio + rule("quiet").replace("turn == 'ours'", "no_rush")), encoding="utf-8")
    watchfloor("rules", "apply", path)

    out, found = said(watchfloor, "health"), as_json(watchfloor, "health")

    assert out.startswith("mine, version 1, over 12 open tasks: 3 rules, 2 dead, 1 failing.")
    assert "urgent 1 8% +30 +30.0" in out
    assert "fails on 12 tasks" in out
    rules = {each["rule"]: each for each in found["rules"]}
    assert (rules["ratio"]["errors"], rules["quiet"]["dead"], rules["urgent"]["fired"]) == (12, True, 1)


def test_an_empty_queue_has_both_reports(watchfloor: Watchfloor, mine: Path) -> None:
    assert said(watchfloor, "preview", mine).startswith("No task would move: 0 open tasks keep their places.")
    assert said(watchfloor, "health").startswith("default, version 1, over 0 open tasks: ")
