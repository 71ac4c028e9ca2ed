"""`watchfloor facts`: one text a line, one object a line, whatever the line holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Watchfloor


def facts(watchfloor: Watchfloor, *lines: str) -> list[dict[str, Any]]:
    said = watchfloor("facts", "--json", input="\n".join(lines) + "\n")
    assert said.exit_code == 0
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_a_plain_line_and_a_json_line_say_the_same(watchfloor: Watchfloor) -> None:
    plain, given = facts(watchfloor, "Please call me, it is urgent", '{"text": "Please call me, it is urgent"}')

    assert plain | {"n": 2} == given
    assert plain["asks"] > 0
    assert {fact["fact"] for fact in plain["facts"]} >= {"says_urgent"}


def test_every_fact_says_where_its_words_stand(watchfloor: Watchfloor) -> None:
    text = "Grüße! Please call me by Friday 5pm, it is urgent."
    (found,) = facts(watchfloor, json.dumps({"text": text, "sent_at": "2026-03-02T09:00:00Z"}))

    assert {fact["fact"] for fact in found["facts"]} >= {"due_at", "asks"}
    for fact in found["facts"]:
        assert text[fact["start"] : fact["end"]] == fact["quote"]
        assert set(fact) >= {"fact", "value", "quote", "start", "end", "points"}


@pytest.mark.parametrize(
    ("sent_at", "tz", "due"),
    [
        ("2026-03-02T09:00:00Z", None, "2026-03-06T17:00:00+00:00"),
        ("2026-03-02T09:00:00+02:00", None, "2026-03-06T17:00:00+02:00"),
        ("2026-03-02T09:00:00", "Europe/Berlin", "2026-03-06T17:00:00+01:00"),
        ("2026-03-02T09:00:00Z", "America/New_York", "2026-03-06T17:00:00-05:00"),
    ],
)
def test_a_deadline_is_meant_where_the_sender_is(
    watchfloor: Watchfloor, sent_at: str, tz: str | None, due: str
) -> None:
    (found,) = facts(watchfloor, json.dumps({"text": "Please send it by Friday 5pm.", "sent_at": sent_at, "tz": tz}))

    assert [fact["value"] for fact in found["facts"] if fact["fact"] == "due_at"] == [due]


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "broken',
        '{"subject": "no text"}',
        '{"text": 5}',
        "{}",
        '{"text": "x", "sent_at": "soon"}',
        '{"text": "x", "sent_at": "2026-03-02T09:00", "tz": "Nowhere"}',
        '{"text": "x", "sent_at": "2026-03-02T09:00", "tz": "America"}',
        '{"text": "x", "sent_at": "0001-01-01T00:00+14:00", "tz": "America/New_York"}',
        '{"text":' + "[" * 100_000,
    ],
    ids=lambda line: line[:60],
)
def test_a_line_that_can_not_be_used_says_why_and_hinders_no_other(watchfloor: Watchfloor, line: str) -> None:
    wrong, right = facts(watchfloor, line, "Please call me")

    assert (wrong["n"], wrong["facts"]) == (1, [])
    assert wrong["error"]
    assert (right["n"], "error" in right) == (2, False)


@pytest.mark.parametrize(
    "line", ["", "   ", "{curly} please", "{", "\x00", '{"text": ""}', '{"text": "\\ud800 please"}', "ß" * 9_999]
)
def test_any_other_line_is_a_text(watchfloor: Watchfloor, line: str) -> None:
    (found,) = facts(watchfloor, line)

    assert (found["n"], "error" in found) == (1, False)


def test_bytes_that_are_no_text_are_read_as_far_as_they_go(watchfloor: Watchfloor) -> None:
    said = watchfloor("facts", "--json", input=b"\xff\xfe please call me\r\n")

    assert json.loads(said.stdout)["asks"] > 0


def test_people_read_a_line_for_each_fact(watchfloor: Watchfloor, tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text("Please call me, it is urgent\n{}\n", encoding="utf-8")

    said = watchfloor("facts", path)

    assert said.stdout.startswith("1: asks ")
    assert "«urgent»" in said.stdout
    assert "2: a JSON line needs «text»" in said.stdout


def test_a_file_that_is_not_there_is_told_in_a_sentence(watchfloor: Watchfloor) -> None:
    said = watchfloor("facts", "no-such-file")

    assert (said.exit_code, said.stderr) == (1, "watchfloor: no-such-file can't be read: No such file or directory.\n")


def test_for_people_a_json_line_is_headed_by_what_it_says(watchfloor: Watchfloor) -> None:
    line = json.dumps({"sent_at": "2026-03-02T09:00:00Z", "subject": "Certificate", "text": "Please\nrenew it."})

    said = watchfloor("facts", input=f"{line}\n").stdout

    assert said.splitlines()[0].endswith("  Certificate Please renew it.")
