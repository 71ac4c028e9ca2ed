"""Taskwarrior's export: every attribute has its place, and what has none is kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.integrations.contract import Options
from app.integrations.registry import recognise
from app.integrations.taskwarrior import MANIFEST
from app.records import Item, Refusal, Work

FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
TASK: dict[str, Any] = {
    "id": 1,
    "description": "Renew the certificate",
    "entry": "20260220T090000Z",
    "modified": "20260301T080000Z",
    "due": "20260305T230000Z",
    "scheduled": "20260303T080000Z",
    "wait": "20260304T080000Z",
    "start": "20260304T090000Z",
    "until": "20260401T000000Z",
    "priority": "H",
    "project": "infra.tls",
    "status": "waiting",
    "tags": ["ops", "next"],
    "uuid": FIRST,
    "urgency": 14.2,
    "estimate": "2h",
    "jirastate": {"id": 3},
    "depends": [SECOND],
    "annotations": [
        {"entry": "20260222T100000Z", "description": "He is back on Monday"},
        {"entry": "20260221T100000Z", "description": "Ask Ben, he has the keys"},
    ],
}


def read(folder: Path, content: Any) -> list[Item | Refusal]:
    path = folder / "tasks.json"
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [step.what for step in MANIFEST.reader.read(path, Options())]


def one(folder: Path, **changes: Any) -> Item:
    [item] = read(folder, [{**TASK, **changes}])
    assert isinstance(item, Item)
    return item


def work(item: Item) -> Work:
    assert item.work
    return item.work


def test_every_attribute_has_its_place(tmp_path: Path) -> None:
    item = one(tmp_path)

    assert (item.external_id, item.keys, item.subject) == (FIRST, (f"taskwarrior:{FIRST}",), "Renew the certificate")
    assert item.text == "2026-02-21: Ask Ben, he has the keys\n2026-02-22: He is back on Monday"
    assert item.sent_at
    assert item.revised_at
    assert (item.sent_at.isoformat(), item.revised_at.isoformat()) == (
        "2026-02-20T09:00:00+00:00",
        "2026-03-01T08:00:00+00:00",
    )
    said = work(item)
    assert said.due_at
    assert said.scheduled_at
    assert said.wait_until
    assert said.started_at
    assert (said.status, said.status_name, said.priority, said.project) == ("open", "waiting", "high", "infra.tls")
    assert (said.labels, said.depends_on) == (("ops", "next"), (f"taskwarrior:{SECOND}",))
    assert said.due_at.isoformat() == "2026-03-05T23:00:00+00:00"
    assert said.scheduled_at.isoformat() == "2026-03-03T08:00:00+00:00"
    assert said.wait_until.isoformat() == "2026-03-04T08:00:00+00:00"
    assert said.started_at.isoformat() == "2026-03-04T09:00:00+00:00"
    assert said.notes == 2


def test_user_defined_attributes_and_all_else_are_kept(tmp_path: Path) -> None:
    fields = dict(work(one(tmp_path)).fields)

    assert fields == {
        "wait": "20260304T080000Z",
        "until": "20260401T000000Z",
        "urgency": "14.2",
        "estimate": "2h",
        "jirastate": '{"id": 3}',
    }


def test_what_taskwarrior_itself_does_not_define_is_an_attribute_of_its_user_s(tmp_path: Path) -> None:
    said = work(one(tmp_path, imask=3, parent=SECOND, rtype="periodic", end="20260301T000000Z", points=3.0))

    assert said.attributes == (("estimate", "2h"), ("jirastate", '{"id": 3}'), ("points", "3"))
    assert {*said.attributes} < {*said.fields}


@pytest.mark.parametrize(("priority", "attributes"), [("H", ()), ("L", ()), ("", ()), ("C", (("priority", "C"),))])
def test_a_priority_of_the_user_s_own_is_an_attribute_too(
    tmp_path: Path, priority: str, attributes: tuple[tuple[str, str], ...]
) -> None:
    assert work(one(tmp_path, priority=priority, estimate="", jirastate=None)).attributes == attributes


def test_attributes_are_bounded(tmp_path: Path) -> None:
    said = work(one(tmp_path, **{f"own{number:02}": "x" * 300 for number in range(80)}))

    assert len(said.attributes) == 50
    assert max(len(value) for _, value in said.attributes) == 200


@pytest.mark.parametrize(
    ("annotations", "notes"), [([], 0), (None, 0), ("He is back", 0), ([{"description": "He is back"}], 1)]
)
def test_annotations_are_counted(tmp_path: Path, annotations: Any, notes: int) -> None:
    assert work(one(tmp_path, annotations=annotations)).notes == notes


@pytest.mark.parametrize(
    ("there", "here"), [("pending", "open"), ("waiting", "open"), ("completed", "done"), ("deleted", "declined")]
)
def test_each_status_is_one_of_ours(tmp_path: Path, there: str, here: str) -> None:
    assert work(one(tmp_path, status=there)).status == here


def test_the_template_of_a_recurring_task_is_no_work(tmp_path: Path) -> None:
    item = one(tmp_path, status="recurring", recur="weekly", mask="--")

    assert item.work is None
    assert item.automation
    assert item.automation.category == "record"


def test_older_versions_write_dependencies_and_tags_with_commas(tmp_path: Path) -> None:
    said = work(one(tmp_path, depends=f"{SECOND},{FIRST.upper()}", tags="a,b"))

    assert said.depends_on == (f"taskwarrior:{SECOND}", f"taskwarrior:{FIRST}")
    assert said.labels == ("a", "b")


def test_a_list_and_one_task_a_line_are_the_same(tmp_path: Path) -> None:
    tasks = [TASK, {**TASK, "uuid": SECOND}]

    assert read(tmp_path, tasks) == read(tmp_path, "\n".join(json.dumps(task) for task in tasks))
    assert read(tmp_path, tasks) == read(tmp_path, ",\n".join(json.dumps(task) for task in tasks))
    assert recognise(tmp_path / "tasks.json").kind == "taskwarrior"


def test_what_can_t_be_read_is_named(tmp_path: Path) -> None:
    item = one(tmp_path, due="soon", status="simmering")

    assert item.problems == (
        "due is no date that can be read: “soon”.",
        "Its status is none that Taskwarrior has: “simmering”; it is taken as open.",
    )
    assert (work(item).due_at, work(item).status) == (None, "open")
    assert ("due", "soon") in work(item).fields


def test_another_charset_than_utf_8_is_read_and_said_once(tmp_path: Path) -> None:
    tasks = [{**TASK, "description": "Prüfen"}, {**TASK, "uuid": SECOND}]

    found = read(tmp_path, json.dumps(tasks, ensure_ascii=False).encode("cp1252"))

    first, second = (what for what in found if isinstance(what, Item))
    assert (first.subject, second.problems) == ("Prüfen", ())
    assert first.problems == ("The file is not valid UTF-8; all of it is read as Windows-1252.",)


def test_what_is_no_task_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, [7, {}, {"description": "Without an id", "status": "pending"}, TASK])

    assert [isinstance(what, Refusal) for what in found] == [True, True, False, False]


def test_the_content_changes_with_what_is_said_and_not_with_the_day_s_numbers(tmp_path: Path) -> None:
    first = one(tmp_path)

    assert one(tmp_path, id=7).content_hash == first.content_hash
    assert one(tmp_path, priority="L").content_hash != first.content_hash
