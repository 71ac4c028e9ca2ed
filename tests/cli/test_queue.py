"""`watchfloor top` and `watchfloor why`."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Watchfloor

DURING = "2026-03-04T08:00Z"


@pytest.fixture
def imported(watchfloor: Watchfloor, mailbox: Path) -> None:
    assert watchfloor("import", mailbox).exit_code == 0


def test_an_empty_queue_says_what_to_do(watchfloor: Watchfloor) -> None:
    said = " ".join(watchfloor("top").stdout.split())

    assert said == "The queue is empty. Import mail, Slack, Notion or a table: watchfloor import PATH"
    assert watchfloor("top", "--json").stdout == "[]\n"


def test_an_empty_queue_says_where_the_tasks_are(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text("Task,Status\nOne,Done\nTwo,Done\nThree,Won't do\n", encoding="utf-8")
    watchfloor("import", path)

    said = " ".join(watchfloor("top").stdout.split())

    assert said.startswith("The queue is empty. Not open: 2 done, 1 declined. ")
    assert said.endswith("GET /api/v1/tasks?status=done.")


@pytest.mark.usefixtures("imported")
def test_the_table_shows_what_matters_first_and_why(watchfloor: Watchfloor) -> None:
    said = watchfloor("top", "--at", DURING).stdout

    (first, *_) = json.loads(watchfloor("top", "--json", "--at", DURING).stdout)
    assert re.search(r"# +points +task", said)
    assert re.search(rf"^ *1 +{first['points']} +The contract", said, re.MULTILINE)
    assert said.index("The contract") < said.index("The signed offer")
    assert "Spring prices" not in said
    assert "ours" in said


@pytest.mark.usefixtures("imported")
def test_programs_get_an_array_in_rank_order(watchfloor: Watchfloor) -> None:
    tasks = json.loads(watchfloor("top", "--json").stdout)

    points = [task["points"] for task in tasks]
    assert points == sorted(points, reverse=True)
    assert {"id", "title", "status", "turn", "since", "tier", "score", "points", "band", "valid_until", "due_at"} | {
        *("assignee", "labels", "notes", "priority", "project", "dependencies", "scheduled_at", "started_at"),
        *("source", "reasons", "stale", "created_at", "updated_at", "version"),
    } <= set(tasks[0])


@pytest.mark.usefixtures("imported")
def test_n_is_how_many(watchfloor: Watchfloor) -> None:
    assert len(json.loads(watchfloor("top", "-n", "1", "--json").stdout)) == 1
    assert watchfloor("top", "-n", "0").exit_code == 2


@pytest.mark.usefixtures("imported")
def test_an_archive_is_judged_at_its_own_time(watchfloor: Watchfloor) -> None:
    early = json.loads(watchfloor("top", "--json", "--at", "2026-03-02T08:30Z").stdout)
    during = json.loads(watchfloor("top", "--json", "--at", DURING).stdout)

    assert [task["title"] for task in early] == ["The contract"]
    assert {task["title"]: task["turn"] for task in during} == {"The contract": "ours", "The signed offer": "theirs"}


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    "at", ["2026-03-02", "2026-03-02T23:59:59", "2026-03-02T23:59:59Z", "2026-03-03T00:59:59+01:00"]
)
def test_a_date_is_its_end_and_utc_unless_said_otherwise(watchfloor: Watchfloor, at: str) -> None:
    assert watchfloor("top", "--json", "--at", at).stdout == watchfloor("top", "--json", "--at", "2026-03-02").stdout


@pytest.mark.parametrize(
    "at", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00", ""]
)
@pytest.mark.parametrize("command", [("top",), ("why", "1")])
def test_what_is_no_time_is_wrong_usage(watchfloor: Watchfloor, command: tuple[str, ...], at: str) -> None:
    said = watchfloor(*command, "--at", at)

    assert said.exit_code == 2
    assert "--at" in said.stderr


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("at", [None, DURING, "2026-03-02T08:00:01Z", "2031-01-01", "9999-12-31"])
def test_the_lines_of_an_explanation_add_up(watchfloor: Watchfloor, at: str | None) -> None:
    when = ("--at", at) if at else ()
    for task in json.loads(watchfloor("top", "--json", *when).stdout):
        score = json.loads(watchfloor("why", str(task["id"]), "--json", *when).stdout)

        assert sum(line["points"] for line in score["contributions"]) == score["points"] == task["points"]
        assert score["score"] == max(0, min(100, score["points"]))
        assert (score["task"], score["band"], score["ruleset"]["name"]) == (task["id"], task["band"], "default")


@pytest.mark.usefixtures("imported")
def test_an_explanation_is_a_sum_that_people_can_check(watchfloor: Watchfloor) -> None:
    (task, *_) = json.loads(watchfloor("top", "--json", "--at", DURING).stdout)

    said = watchfloor("why", str(task["id"]), "--at", DURING).stdout

    lines = [int(found) for found in re.findall(r"^ *([+-]\d+) ", said, re.MULTILINE)]
    assert lines
    assert f"= {sum(lines)}" in said
    assert "The contract" in said
    assert "Also checked" in said


@pytest.mark.usefixtures("imported")
def test_a_task_that_is_not_there_is_told_in_a_sentence(watchfloor: Watchfloor) -> None:
    said = watchfloor("why", "999")

    assert (said.exit_code, said.stderr) == (1, "watchfloor: There is no task 999.\n")


@pytest.mark.usefixtures("imported")
def test_other_settings_judge_the_queue_anew(watchfloor: Watchfloor) -> None:
    ours = json.loads(watchfloor("top", "--json").stdout)
    unknown = json.loads(watchfloor("top", "--json", OUR_ADDRESSES="").stdout)

    assert {task["turn"] for task in ours} == {"ours", "theirs"}
    assert {task["turn"] for task in unknown} == {None}
