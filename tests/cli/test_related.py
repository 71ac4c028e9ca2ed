"""`watchfloor related` and `watchfloor search`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchfloor
from tests.workflows.mailbox import mail, write


@pytest.fixture
def imported(watchfloor: Watchfloor, tmp_path: Path) -> None:
    long = "Before that, much else. " * 20
    messages = [
        mail(f"{long}The turbines need oil, could you buy some? {long}", id="a@x.example", subject="Oil for the mill"),
        mail("Could you see to it?", id="b@x.example", at="2026-03-03T08:00", subject="Oil for the mill"),
        mail("Nothing else", id="c@x.example", at="2026-03-04T08:00", subject="Lunch with Ben"),
    ]
    assert watchfloor("import", write(tmp_path / "inbox.mbox", messages)).exit_code == 0


@pytest.mark.usefixtures("imported")
def test_related_tasks_are_told_with_the_reason(watchfloor: Watchfloor) -> None:
    said = watchfloor("related", "1").stdout
    page = json.loads(watchfloor("related", "1", "--json").stdout)

    assert "Oil for the mill  (open, mbox, may be the same)" in said
    assert "Both are called “Oil for the mill” and began 1 day apart." in said
    assert [(each["task"]["id"], each["relation"]) for each in page["items"]] == [(2, "same_title")]


@pytest.mark.usefixtures("imported")
def test_a_task_alone_is_told_to_be_alone(watchfloor: Watchfloor) -> None:
    assert watchfloor("related", "3").stdout == "Nothing has to do with it, as far as is known.\n"
    assert watchfloor("related", "999").stderr == "watchfloor: There is no task 999.\n"


@pytest.mark.usefixtures("imported")
def test_what_is_found_shows_where_it_stands_who_said_it_when_and_the_words(watchfloor: Watchfloor) -> None:
    said = watchfloor("search", "turbine", "oil").stdout
    (hit,) = json.loads(watchfloor("search", "turbine", "oil", "--json").stdout)

    assert "task 1  Oil for the mill (open)  mbox  Anna Weber  2026-03-02 08:00" in said
    assert (hit["task"], hit["place"], hit["who"], hit["status"]) == (1, "mbox", "Anna Weber", "open")
    assert "The turbines need oil" in hit["snippet"] or "Oil for the mill" in hit["snippet"]
    assert len(hit["snippet"]) < 200


@pytest.mark.usefixtures("imported")
def test_the_newest_comes_first_and_n_is_how_many(watchfloor: Watchfloor) -> None:
    hits = json.loads(watchfloor("search", "oil", "--json").stdout)

    assert [hit["task"] for hit in hits] == [2, 1]
    assert len(json.loads(watchfloor("search", "oil", "-n", "1", "--json").stdout)) == 1


@pytest.mark.usefixtures("imported")
def test_what_is_nowhere_is_told(watchfloor: Watchfloor) -> None:
    assert watchfloor("search", "submarine").stdout == "Nothing holds these words.\n"
    assert watchfloor("search", "").stdout == "Nothing holds these words.\n"
    assert watchfloor("search", "the", "--json").stdout == "[]\n"
