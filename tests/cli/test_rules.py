"""`watchfloor rules`: from a file to what ranks, and back again."""

import getpass
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.domains.ranking import ruleset
from app.domains.ranking.calendars import calendar_from, document_of
from app.settings import PROJECT_ROOT
from tests.cli.conftest import Watchfloor
from tests.domains.rulesets.texts import rule, text
from tests.workflows.mailbox import mail, write

BAD = text().replace("says_urgent", "says_urgnt").replace("points = 30", "points = 0")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text(points=77), encoding="utf-8")
    return path


def as_json(watchfloor: Watchfloor, *arguments: str | Path) -> Any:
    return json.loads(watchfloor("rules", *arguments, "--json").stdout)


def active(watchfloor: Watchfloor) -> str:
    (found,) = [each for each in as_json(watchfloor, "list") if each["active"]]
    return f"{found['name']} {found['active_version']}"


def test_the_list_has_what_is_shipped_and_a_star_at_what_ranks(watchfloor: Watchfloor) -> None:
    assert [each["name"] for each in as_json(watchfloor, "list")] == sorted(ruleset.SHIPPED)
    starred = [line for line in watchfloor("rules", "list").stdout.splitlines() if line.startswith("*")]
    assert len(starred) == 1
    assert starred[0].startswith("* default  version 1, ")


def test_a_shown_ruleset_is_the_text_to_the_letter(watchfloor: Watchfloor, mine: Path) -> None:
    assert watchfloor("rules", "show").stdout == ruleset.shipped_text("default")
    assert watchfloor("rules", "show", "taskwarrior").stdout == ruleset.shipped_text("taskwarrior")
    watchfloor("rules", "apply", mine, "--no-activate")
    mine.write_text(text(points=78), encoding="utf-8")
    watchfloor("rules", "apply", mine, "--no-activate")
    assert watchfloor("rules", "show", "own").stdout == text(points=78)
    assert watchfloor("rules", "show", "own", "--version", "1").stdout == text(points=77)
    assert as_json(watchfloor, "show", "own")["document"]["rules"][0]["points"] == 78


def test_what_is_not_there_is_told_in_a_sentence(watchfloor: Watchfloor, tmp_path: Path) -> None:
    for arguments in (
        ("show", "nobody"),
        ("show", "default", "--version", "99"),
        ("diff", "nobody"),
        ("activate", "nobody"),
        ("history", "nobody"),
        ("rollback",),
        ("check", tmp_path / "none.toml"),
        ("apply", tmp_path),
    ):
        done = watchfloor("rules", *arguments)
        assert done.exit_code == 1, arguments
        assert done.stderr.startswith("watchfloor: ")
        assert len(done.stderr.splitlines()) == 1
    assert watchfloor("rules", "show", "default", "--version", "x").exit_code == 2
    assert watchfloor("rules").exit_code == 2


def test_a_sound_file_is_said_to_be_in_order(watchfloor: Watchfloor, mine: Path) -> None:
    done = watchfloor("rules", "check", mine)

    assert (done.exit_code, done.stdout) == (0, f"{mine}: the ruleset own is in order, with 1 rule.\n")
    assert as_json(watchfloor, "check", mine) == {"valid": True, "problems": [], "name": "own", "rules": 1}
    assert [each["name"] for each in as_json(watchfloor, "list")] == sorted(ruleset.SHIPPED)


def test_a_check_prints_every_problem_with_its_place(watchfloor: Watchfloor, mine: Path) -> None:
    mine.write_text(BAD, encoding="utf-8")

    done = watchfloor("rules", "check", mine)

    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    when = next(line for line in lines if line.startswith("rules[1] urgent.when: "))
    at = 1 + next(number for number, line in enumerate(BAD.splitlines()) if line.startswith("when = "))
    assert when.endswith(f"(line {at} of the file, column 1 of when)")
    assert any(line.startswith("rules[1] urgent.points: ") for line in lines)
    assert f"{len(lines)} problems" in done.stderr
    told = watchfloor("rules", "check", mine, "--json")
    assert told.exit_code == 1
    problems = json.loads(told.stdout)["problems"]
    assert len(problems) == len(lines)
    assert at in {each["document_line"] for each in problems}


def test_lines_are_those_of_the_file_or_none(watchfloor: Watchfloor, mine: Path, tmp_path: Path) -> None:
    document = as_json(watchfloor, "show", "default")["document"]
    document["rules"][3]["when"] = "nothing_such"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    mine.write_text(BAD, encoding="utf-8")

    for command in ("check", "apply", "preview"):
        refused, json_refused = (watchfloor("rules", command, file) for file in (mine, path))
        assert "(line 9 of the file, column 1 of when)" in refused.stdout + refused.stderr
        assert "of the file" not in json_refused.stdout + json_refused.stderr
        assert "(line 1, column 1)" in json_refused.stdout + json_refused.stderr


def test_the_nearest_name_is_suggested(watchfloor: Watchfloor) -> None:
    for arguments in (
        ("show", "slaa"),
        ("activate", "slaa"),
        ("preview", "slaa"),
        ("preview", "sla", "--against=slaa"),
    ):
        assert "There is no ruleset 'slaa'; did you mean 'sla'?\n" in watchfloor("rules", *arguments).stderr
    assert "There is no ruleset 'nobody'.\n" in watchfloor("rules", "show", "nobody").stderr
    assert "no version 99 of the ruleset 'sla'.\n" in watchfloor("rules", "show", "sla", "--version", "99").stderr


def test_broken_toml_is_told_with_line_and_column_of_the_file(watchfloor: Watchfloor, mine: Path) -> None:
    mine.write_text("name = 'own'\nbands = }\n", encoding="utf-8")

    done = watchfloor("rules", "check", mine)

    assert done.exit_code == 1
    assert done.stdout.startswith("the document: is not TOML: ")
    assert done.stdout.rstrip().endswith("(line 2, column 9)")


def test_standard_input_and_json_are_read_too(watchfloor: Watchfloor, tmp_path: Path) -> None:
    document = as_json(watchfloor, "show", "default")["document"]
    path = tmp_path / "default.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    assert watchfloor("rules", "check", path).exit_code == 0
    assert watchfloor("rules", "check", "-", input=text()).exit_code == 0
    assert watchfloor("rules", "check", "-", input=json.dumps(document)).exit_code == 0
    assert watchfloor("rules", "check", "-", input=b"\xff").exit_code == 1
    assert watchfloor("rules", "apply", path, "--name", "mine", "--no-activate").exit_code == 0


def test_an_applied_file_is_saved_ranks_and_says_how_to_go_back(watchfloor: Watchfloor, mine: Path) -> None:
    done = watchfloor("rules", "apply", mine, "--note", "Try it")

    assert done.exit_code == 0
    assert "Saved own, version 1, with 1 rule." in done.stdout
    assert "own, version 1 ranks now; before, it was default, version 1." in done.stdout
    assert "rules rollback" in done.stdout
    assert active(watchfloor) == "own 1"
    shown = as_json(watchfloor, "show", "own")
    assert (shown["note"], shown["author"]) == ("Try it", getpass.getuser())


def test_a_second_version_is_told_against_the_one_before(watchfloor: Watchfloor, mine: Path) -> None:
    watchfloor("rules", "apply", mine)
    mine.write_text(text(points=78, more=rule("extra")), encoding="utf-8")

    done = watchfloor("rules", "apply", mine, "--author", "ana", "--no-activate")

    assert "Saved own, version 2" in done.stdout
    assert "changed  rule urgent  Says urgent" in done.stdout
    assert "points: 77 → 78" in done.stdout
    assert "added    rule extra" in done.stdout
    assert "It does not rank yet" in done.stdout
    assert active(watchfloor) == "own 1"
    again = as_json(watchfloor, "apply", mine, "--no-activate")
    assert (again["saved"], again["ruleset"]["version"], again["changes"]) == (False, 2, [])


def test_what_is_wrong_is_not_saved_and_every_place_is_told(watchfloor: Watchfloor, mine: Path) -> None:
    mine.write_text(BAD, encoding="utf-8")

    done = watchfloor("rules", "apply", mine)

    assert done.exit_code == 1
    assert "rules[1] urgent.when: there is no fact or function 'says_urgnt'" in done.stderr
    assert "rules[1] urgent.points: " in done.stderr
    assert "was not saved" in done.stderr
    assert active(watchfloor) == "default 1"


def test_another_name_can_be_given_and_the_comments_stay(watchfloor: Watchfloor, mine: Path) -> None:
    assert watchfloor("rules", "apply", mine, "--name", "ours").exit_code == 0

    shown = watchfloor("rules", "show", "ours").stdout
    assert shown == text("ours", points=77)
    refused = watchfloor("rules", "apply", mine, "--name", "preview")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)


def test_tasks_are_ranked_again_by_what_is_applied_and_by_what_is_gone_back_to(
    watchfloor: Watchfloor, mine: Path, tmp_path: Path
) -> None:
    watchfloor("import", write(tmp_path / "inbox.mbox", [mail("It is urgent: could you sign it?")]))
    before = json.loads(watchfloor("top", "--json").stdout)

    applied = as_json(watchfloor, "apply", mine)

    assert (applied["activated"], applied["ranked"], applied["previous"]["name"]) == (True, 1, "default")
    assert [task["points"] for task in json.loads(watchfloor("top", "--json").stdout)] == [77]
    back = as_json(watchfloor, "rollback")
    assert (back["ruleset"]["name"], back["changed"], back["ranked"]) == ("default", True, 1)
    after = json.loads(watchfloor("top", "--json").stdout)
    assert [task["points"] for task in after] == [task["points"] for task in before]


def test_a_stored_version_can_be_activated_and_once_is_enough(watchfloor: Watchfloor, mine: Path) -> None:
    watchfloor("rules", "apply", mine, "--no-activate")
    mine.write_text(text(points=78), encoding="utf-8")
    watchfloor("rules", "apply", mine, "--no-activate")

    assert "own, version 1 ranks now" in watchfloor("rules", "activate", "own", "1").stdout
    assert "own, version 2 ranks now" in watchfloor("rules", "activate", "own", "--note", "Newer").stdout
    assert watchfloor("rules", "activate", "own").stdout == "own, version 2 ranks already.\n"
    assert as_json(watchfloor, "activate", "own", "1")["previous"] == {"name": "own", "version": 2}


def test_history_tells_who_did_what_when_and_why(watchfloor: Watchfloor, mine: Path) -> None:
    watchfloor("rules", "apply", mine, "--author", "ana", "--note", "Try it")
    watchfloor("rules", "rollback", "--author", "ben")

    back, mine_then, first = watchfloor("rules", "history").stdout.splitlines()
    assert back.endswith("ben went back to default, version 1")
    assert mine_then.endswith("ana activated own, version 1: Try it")
    assert "watchfloor activated default, version 1" in first
    (line,) = watchfloor("rules", "history", "own").stdout.splitlines()
    assert "version 1" in line
    assert line.endswith("ana, 1 rule: Try it")
    assert [each["rolled_back"] for each in as_json(watchfloor, "history")] == [True, False, False]
    assert [each["version"] for each in as_json(watchfloor, "history", "own")] == [1]


def test_versions_are_compared_by_rule_and_by_line(watchfloor: Watchfloor, mine: Path) -> None:
    watchfloor("rules", "apply", mine)
    mine.write_text(text(points=78), encoding="utf-8")
    watchfloor("rules", "apply", mine)

    said = watchfloor("rules", "diff", "own").stdout

    assert "own: from version 1 to version 2" in said
    assert "points: 77 → 78" in said
    assert "-points = 77\n+points = 78\n" in said
    told = as_json(watchfloor, "diff", "own", "--from", "2", "--to", "1")
    assert (told["from"], told["to"], told["changes"][0]["fields"][0]["after"]) == (2, 1, 77)
    assert "The texts are the same." in watchfloor("rules", "diff", "own", "--from", "1", "--to", "1").stdout


def test_nobody_can_sign_as_the_program(watchfloor: Watchfloor, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = watchfloor("rules", "apply", mine, "--author", "watchfloor")
    assert refused.exit_code == 1
    assert "say who you are" in refused.stderr

    monkeypatch.setenv("LOGNAME", "watchfloor")
    assert watchfloor("rules", "apply", mine).exit_code == 0
    assert as_json(watchfloor, "show", "own")["author"] == "watchfloor (login)"


@pytest.fixture
def imported(watchfloor: Watchfloor, tmp_path: Path) -> None:
    messages = [mail("It is urgent!", subject="Loud"), mail("Could you sign it?", subject="Quiet", id="q@x.example")]
    assert watchfloor("import", write(tmp_path / "inbox.mbox", messages)).exit_code == 0


def points(watchfloor: Watchfloor, *arguments: str | Path) -> dict[str, int]:
    tasks = json.loads(watchfloor("top", "--json", *arguments).stdout)
    return {task["title"]: task["points"] for task in tasks}


@pytest.mark.usefixtures("imported")
def test_the_queue_can_be_ranked_by_another_ruleset_without_activating_it(watchfloor: Watchfloor, mine: Path) -> None:
    usual = points(watchfloor)
    watchfloor("rules", "apply", mine, "--no-activate")
    mine.write_text(text(points=78), encoding="utf-8")
    watchfloor("rules", "apply", mine, "--no-activate")
    mine.write_text(text(points=79), encoding="utf-8")

    assert points(watchfloor, "--ruleset", "own") == {"Loud": 78, "Quiet": 0}
    assert points(watchfloor, "--ruleset", "own@1") == {"Loud": 77, "Quiet": 0}
    assert points(watchfloor, "--ruleset", mine) == {"Loud": 79, "Quiet": 0}
    assert points(watchfloor, "--ruleset", "own", "--at", "2026-03-02T20:00") == {"Loud": 78, "Quiet": 0}
    assert set(points(watchfloor, "--ruleset", "taskwarrior")) == {"Loud", "Quiet"}
    assert "Loud" in watchfloor("top", "--ruleset", "own").stdout
    assert points(watchfloor) == usual
    assert active(watchfloor) == "default 1"


@pytest.mark.usefixtures("imported")
def test_a_ruleset_that_is_none_ends_the_command_with_a_sentence(watchfloor: Watchfloor, mine: Path) -> None:
    mine.write_text(BAD, encoding="utf-8")
    for word in ("nobody", "own@7", "No Such", mine, "none.toml"):
        done = watchfloor("top", "--ruleset", word)
        assert done.exit_code == 1, word
        assert len(done.stderr.splitlines()) == 1


def blocks(language: str) -> list[str]:
    """The examples of docs/rules.md in a language."""
    page = (PROJECT_ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_walk_through_of_the_documentation_goes_as_it_says(watchfloor: Watchfloor, tmp_path: Path) -> None:
    name, added = blocks("toml")
    path = tmp_path / "ours.toml"
    path.write_text(watchfloor("rules", "show").stdout.replace('name = "default"', name.strip()) + f"\n{added}")

    wrong = watchfloor("rules", "check", path)
    path.write_text(path.read_text().replace("mony", "money"))

    assert wrong.exit_code == 1
    assert "large-sums.when: there is no fact or function 'mony'; did you mean 'money'? (line " in wrong.stdout
    assert " of the file, column 1 of when)\n" in wrong.stdout
    assert watchfloor("rules", "check", path).exit_code == 0
    assert watchfloor("top", "--ruleset", path).exit_code == 0
    assert "ours, version 1 ranks now" in watchfloor("rules", "apply", path, "--note", "Large sums first").stdout
    assert "default, version 1 ranks now" in watchfloor("rules", "rollback").stdout


def test_the_json_of_the_documentation_is_what_it_says(watchfloor: Watchfloor) -> None:
    envelope, calendar = (json.loads(block) for block in blocks("json"))

    assert watchfloor("rules", "check", "-", input=json.dumps(envelope)).exit_code == 0
    calendar.pop("note")
    assert document_of(calendar_from("office", calendar))["zone"] == "Europe/Berlin"


def test_the_documentation_names_every_command(watchfloor: Watchfloor) -> None:
    page = (PROJECT_ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    commands = re.findall(r"^│ (\w[\w-]*) ", watchfloor("rules", "--help").stdout, re.MULTILINE)

    assert len(commands) >= 8
    assert [command for command in commands if f"watchfloor rules {command}" not in page] == []
