"""JSON with tasks in it, whatever holds the list, becomes items with work."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.integrations.contract import Options
from app.integrations.registry import Unrecognised, recognise
from app.integrations.tables import JSON
from app.records import Item, Person, Refusal

ROWS = [{"id": 1, "title": "Call Ana", "status": "open"}, {"id": 2, "title": "Ask Ben", "status": "done"}]


def write(folder: Path, content: Any, name: str = "tasks.json") -> Path:
    path = folder / name
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path) -> list[Item | Refusal]:
    return [step.what for step in JSON.reader.read(path, Options())]


def subjects(path: Path) -> list[str]:
    return [what.subject if isinstance(what, Item) else what.why for what in read(path)]


@pytest.mark.parametrize(
    "content",
    [
        ROWS,
        {"tasks": ROWS},
        {"meta": {"count": 2, "names": ["a", "b"]}, "items": ROWS, "next": None},
        {"data": {"issues": {"nodes": ROWS, "pageInfo": {"hasNextPage": False}}}},
        {"members": [{"name": "Ana", "id": 9}] * 5, "cards": ROWS},
        "\ufeff" + json.dumps(ROWS),
        json.dumps(ROWS).encode("utf-16"),
        "\n".join(json.dumps(row) for row in ROWS),
        "\n\n".join(json.dumps(row, indent=2) for row in ROWS),
    ],
)
def test_the_list_of_tasks_is_found_wherever_it_stands(tmp_path: Path, content: Any) -> None:
    path = write(tmp_path, content, "upload")

    assert recognise(path).kind == "json"
    assert subjects(path) == ["Call Ana", "Ask Ben"]


def test_json_in_windows_1252_is_read_as_such_and_says_so_once(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps([{**ROWS[0], "title": "Prüfen"}, ROWS[1]], ensure_ascii=False).encode("cp1252"))

    first, second = read(path)

    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert first.subject == "Prüfen"
    assert first.problems == ("The file is not valid UTF-8; all of it is read as Windows-1252.",)
    assert second.problems == ()


def test_a_single_object_is_a_row(tmp_path: Path) -> None:
    assert subjects(write(tmp_path, ROWS[0])) == ["Call Ana"]


def test_what_stands_within_an_object_is_a_column_of_its_own(tmp_path: Path) -> None:
    issue = {
        "key": "OPS-7",
        "fields": {
            "summary": "Renew the certificate",
            "status": {"name": "In Progress", "statusCategory": {"key": "indeterminate"}},
            "priority": {"name": "High"},
            "assignee": {"displayName": "Ana Ruiz", "emailAddress": "ana@x.example"},
            "duedate": "2026-03-05",
            "labels": ["tls", "web"],
            "components": [{"name": "Edge"}, {"name": "Core"}],
            "flagged": True,
            "points": 3.0,
            "resolution": None,
        },
    }

    [item] = read(write(tmp_path, {"issues": [issue]}))

    assert isinstance(item, Item)
    assert item.work
    assert item.work.due_at
    assert (item.external_id, item.subject, item.work.status_name) == ("OPS-7", "Renew the certificate", "In Progress")
    assert (item.work.priority, item.work.assignees) == ("high", (Person("Ana Ruiz", "ana@x.example"),))
    assert (item.work.labels, item.work.due_at.isoformat()) == (("tls", "web"), "2026-03-05T23:59:00+00:00")
    fields = dict(item.work.fields)
    assert (fields["fields.components"], fields["fields.flagged"], fields["fields.points"]) == (
        "Edge, Core",
        "true",
        "3",
    )


def test_a_line_that_is_no_json_costs_itself_alone(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(ROWS[0]) + "\n{broken\n" + json.dumps(ROWS[1]) + "\n", "tasks.jsonl")

    assert subjects(path) == ["Call Ana", "It is left out: it is no JSON.", "Ask Ben"]


def test_a_file_that_is_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    found = read(write(tmp_path, json.dumps(ROWS)[:-20]))

    assert isinstance(found[0], Item)
    assert isinstance(found[1], Refusal)
    assert "what comes after it is missing" in found[1].why


def test_what_is_no_object_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    assert subjects(write(tmp_path, [*ROWS, 7, "words", {}])) == [
        "Call Ana",
        "Ask Ben",
        *["It is no object with names and values."] * 3,
    ]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "[1, 2]", '{"a": 1}', '{"version": 1, "lockfile": {"name": "x"}}', "[" * 5000]
)
def test_json_without_tasks_is_not_recognised(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, content)

    with pytest.raises(Unrecognised):
        recognise(path)
    assert all(isinstance(what, Refusal | Item) for what in read(path))


def test_the_columns_are_shown_as_for_any_table(tmp_path: Path) -> None:
    assert JSON.tables
    [table] = JSON.tables(write(tmp_path, {"tasks": ROWS}), Options())

    assert {column.name: column.field for column in table.columns} == {"id": "id", "title": "title", "status": "status"}
    assert [row.subject for row in table.rows] == ["Call Ana", "Ask Ben"]


def test_memory_is_bounded_by_one_object(tmp_path: Path) -> None:
    rows = [{"id": n, "title": f"Task {n}", "status": "open", "notes": "x" * 2000} for n in range(15_000)]
    path = write(tmp_path, {"tasks": rows})
    del rows

    tracemalloc.start()
    count = sum(1 for _ in JSON.reader.read(path, Options()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (count, path.stat().st_size > 30_000_000) == (15_000, True)
    assert peak < 30_000_000


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.text('[]{}",:\\u0dt1en \n', max_size=60).map(str.encode)))
def test_no_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)

    JSON.reader.recognises(path)
    read(path)


def test_chat_and_products_are_no_tasks_by_themselves(tmp_path: Path) -> None:
    chat = [{"type": "message", "user": "U1", "text": "Hello", "ts": "1.0"}]
    products = [{"id": 1, "name": "Chair", "description": "Oak", "price": 12}]

    assert not JSON.reader.recognises(write(tmp_path, chat))
    assert not JSON.reader.recognises(write(tmp_path, products))
