"""What Notion's API answers, as items."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.integrations.contract import Options
from app.integrations.notion import MANIFEST
from app.records import Automation, Person
from tests.integrations.notion import build
from tests.integrations.notion.build import (
    api,
    by_subject,
    dashed,
    items,
    own,
    page,
    read,
    refusals,
    rows_of,
    schema,
    statuses,
    user,
    value,
    words,
    work,
)

GROUPED = statuses(To_do=["Backlog", "Parked"], In_progress=["Doing"], Complete=["Done", "Shipped", "Cancelled"])
TASKS = schema("Tasks", {"Name": {"type": "title"}, "Status": GROUPED, "Due": {"type": "date"}})


def row(title: str, status: str = "Backlog", **more: Any) -> dict[str, Any]:
    return page(title, {"Status": value("status", {"name": status}), **more}, table="Tasks")


def block(sort: str, text: str, name: str, parent: str, **more: Any) -> dict[str, Any]:
    inner = {"rich_text": words(text), **more}
    return {
        "object": "block",
        "id": dashed(name),
        "type": sort,
        sort: inner,
        "parent": {"type": "page_id", "page_id": dashed(parent)},
        "last_edited_time": "2026-03-02T10:00:00.000Z",
        "in_trash": False,
    }


def test_a_row_of_a_task_database_becomes_work_with_everything_it_says(tmp_path: Path) -> None:
    properties = {
        "Status": value("status", {"name": "Doing"}),
        "Due": value("date", {"start": "2026-03-04", "end": "2026-03-06"}),
        "Priority": value("select", {"name": "🔥 High"}),
        "Owner": value("people", [user("Ben", "ben@acme.example")]),
        "Tags": value("multi_select", [{"name": "roof"}, {"name": "north"}]),
        "Project": value("relation", [{"id": dashed("House")}]),
        "Blocked by": value("relation", [{"id": dashed("Buy tiles")}]),
        "Budget": value("number", 900),
        "Empty": value("rich_text", []),
    }
    document = [
        TASKS,
        rows_of(page("Fix the roof", properties, table="Tasks"), page("House")),
        user("Ana Ruiz", "a@x.example"),
    ]

    item = by_subject(api(tmp_path, document))["Fix the roof"]

    assert item.external_id == own("Fix the roof")
    assert item.keys == (f"notion:{own('Fix the roof')}",)
    assert item.url == f"https://www.notion.so/{own('Fix the roof')}"
    assert (item.revisable, item.loose, item.automation) == (True, False, None)
    assert item.sent_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert item.revised_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert item.sender == Person("Ana Ruiz", "a@x.example")
    assert item.links == (f"notion:{own('House')}", f"notion:{own('Buy tiles')}")
    done = work(item)
    assert (done.status, done.status_name, done.priority, done.project) == ("open", "Doing", "high", "House")
    assert done.due_at == datetime(2026, 3, 6, 23, 59, tzinfo=UTC)
    assert done.scheduled_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert done.assignees == (Person("Ben", "ben@acme.example"),)
    assert done.labels == item.labels == ("roof", "north")
    assert done.depends_on == (f"notion:{own('Buy tiles')}",)
    assert done.fields == (("Budget", "900"),)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Backlog", "open"),
        ("Doing", "open"),
        ("Done", "done"),
        ("Shipped", "done"),
        ("Cancelled", "declined"),
        ("Parked", "open"),
    ],
)
def test_the_group_of_a_status_decides_whether_it_is_done(tmp_path: Path, name: str, status: str) -> None:
    found = work(items(api(tmp_path, [TASKS, row("Fix the roof", name)]))[0])

    assert (found.status, found.status_name) == (status, name)


def test_where_all_options_lie_in_one_group_nobody_grouped_them_and_words_decide(tmp_path: Path) -> None:
    ungrouped = schema("Tasks", {"Status": statuses(To_do=["Backlog", "Done"], In_progress=[], Complete=[])})

    found = items(api(tmp_path, [ungrouped, row("One", "Done"), row("Two", "Backlog")]))

    assert [work(item).status for item in found] == ["done", "open"]


def test_without_a_schema_words_decide_and_unknown_ones_are_open(tmp_path: Path) -> None:
    found = items(api(tmp_path, rows_of(row("One", "Complete"), row("Two", "Simmering"))))

    assert [(work(item).status, work(item).status_name) for item in found] == [
        ("done", "Complete"),
        ("open", "Simmering"),
    ]


def test_a_done_box_is_a_status_without_a_name(tmp_path: Path) -> None:
    done, other = (page(name, {"Done": value("checkbox", name == "One")}, table="List") for name in ("One", "Two"))

    found = [work(item) for item in items(api(tmp_path, rows_of(done, other)))]

    assert [(one.status, one.status_name) for one in found] == [("done", ""), ("open", "")]


def test_rows_of_a_table_that_tracks_no_work_are_records(tmp_path: Path) -> None:
    item = items(api(tmp_path, page("Sourdough", {"Flour": value("number", 500)}, table="Recipes")))[0]

    assert item.work is None
    assert item.automation is not None
    assert item.automation.category == "record"
    assert item.text == "Flour: 500"


def test_a_page_that_is_no_row_is_context(tmp_path: Path) -> None:
    item = items(api(tmp_path, page("Handbook")))[0]

    assert (item.loose, item.work, item.automation) == (True, None, None)


@pytest.mark.parametrize("mark", ["in_trash", "archived", "is_archived"])
def test_what_lies_in_the_trash_says_so(tmp_path: Path, mark: str) -> None:
    item = items(api(tmp_path, page("Handbook") | {mark: True}))[0]

    assert item.automation == Automation("trash", "It was moved to the trash in Notion.")


def test_recorded_calls_tell_what_was_answered_and_not_what_was_asked(tmp_path: Path) -> None:
    call = {
        "method": "POST",
        "path": "/v1/pages",
        "notion_version": "2025-09-03",
        "request_body": page("Asked"),
        "response": page("Answered"),
    }

    assert list(by_subject(api(tmp_path, [call]))) == ["Answered"]


def test_a_page_comes_as_often_as_it_is_in_the_document_and_the_last_state_is_the_newest(tmp_path: Path) -> None:
    path = api(
        tmp_path,
        [
            row("Roof", "Backlog"),
            row("Roof", "Done"),
            row(
                "Roof",
                "Doing",
            ),
        ],
    )

    found = items(path)

    assert [work(item).status_name for item in found] == ["Backlog", "Done", "Doing"]
    assert len({item.external_id for item in found}) == 1
    times = [item.revised_at for item in found if item.revised_at]
    assert times == sorted(set(times))
    assert times[-1] == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_blocks_become_the_text_of_their_page(tmp_path: Path) -> None:
    nested = block("to_do", "Call Ana", "b2", "Handbook", checked=True)
    nested["parent"] = {"type": "block_id", "block_id": dashed("b1")}
    gone = block("paragraph", "Old", "b4", "Handbook") | {"in_trash": True}
    document = [
        page("Handbook"),
        rows_of(
            block("bulleted_list_item", "Roof", "b1", "Handbook"),
            nested,
            block("to_do", "Buy tiles", "b3", "Handbook", checked=False),
            gone,
            block("divider", "", "b5", "Handbook"),
        ),
    ]

    assert items(api(tmp_path, document))[0].text == "- Roof\n  [x] Call Ana\n[ ] Buy tiles\n---"


def test_blocks_without_a_parent_belong_to_what_was_asked_for(tmp_path: Path) -> None:
    listed = block("paragraph", "Hello", "b1", "Handbook")
    del listed["parent"]
    call = {"path": f"/v1/blocks/{dashed('Handbook')}/children?page_size=100", "response": rows_of(listed)}

    assert items(api(tmp_path, [page("Handbook"), call]))[0].text == "Hello"


def test_a_page_below_another_keeps_its_text_to_itself(tmp_path: Path) -> None:
    child = block("child_page", "", "Annex", "Handbook", title="Annex")
    document = [page("Handbook"), page("Annex"), child, block("paragraph", "Deep", "b1", "Annex")]

    found = by_subject(api(tmp_path, document))

    assert (found["Handbook"].text, found["Annex"].text) == ("Annex", "Deep")


def test_comments_stand_below_the_page_with_who_wrote_them(tmp_path: Path) -> None:
    comment = {
        "object": "comment",
        "id": dashed("c1"),
        "parent": {"type": "page_id", "page_id": dashed("Roof")},
        "created_by": {"object": "user", "id": dashed("Ben")},
        "rich_text": words("Tiles are late."),
    }

    assert items(api(tmp_path, [comment, row("Roof"), user("Ben")]))[0].text == "Comment by Ben: Tiles are late."


def test_links_in_a_body_are_keys(tmp_path: Path) -> None:
    text = [
        {"plain_text": "Roof", "href": f"https://www.notion.so/Roof-{own('Roof')}"},
        {"plain_text": "thread", "href": "https://acme.slack.com/archives/C01ABCDEF/p1709546400123456"},
        {"type": "mention", "mention": {"type": "page", "page": {"id": dashed("Wall")}}, "plain_text": "Wall"},
    ]
    body = block("paragraph", "", "b1", "Handbook", rich_text=text)

    links = items(api(tmp_path, [page("Handbook"), body]))[0].links

    assert set(links) == {f"notion:{own('Roof')}", f"notion:{own('Wall')}", "slack:C01ABCDEF/1709546400.123456"}


def test_a_long_relation_is_completed_where_it_was_asked_for_by_itself(tmp_path: Path) -> None:
    first = [{"id": dashed(f"row {number}")} for number in range(25)]
    blocked: dict[str, Any] = {"Blocked by": value("relation", first, has_more=True)}
    parts = [
        {"object": "property_item", "type": "relation", "id": "a%3Ab", "relation": {"id": dashed(f"row {number}")}}
        for number in range(30)
    ]
    call = {"path": f"/v1/pages/{dashed('Roof')}/properties/a%3Ab", "response": rows_of(*parts)}

    alone = items(api(tmp_path, row("Roof", **blocked)))[0]
    whole = items(api(tmp_path, [row("Roof", **blocked), call]))[0]

    assert len(work(alone).depends_on) == 25
    assert alone.problems == ("The column «Blocked by» names more rows than the 25 that the document holds.",)
    assert len(work(whole).depends_on) == 30
    assert whole.problems == ()


def test_all_pages_of_a_query_with_cursors_are_read(tmp_path: Path) -> None:
    answers = [
        {"path": "/v1/data_sources/x/query", "response": rows_of(*[row(f"Row {n}") for n in range(100)], more=True)},
        {"path": "/v1/data_sources/x/query", "response": rows_of(*[row(f"Row {n}") for n in range(100, 130)])},
    ]

    assert len(by_subject(api(tmp_path, answers))) == 130


def test_a_database_of_the_older_api_maps_its_rows_too(tmp_path: Path) -> None:
    older = TASKS | {"object": "database"}
    old_row = row("Roof", "Shipped") | {"parent": {"type": "database_id", "database_id": dashed("Tasks")}}

    assert work(items(api(tmp_path, [old_row, older]))[0]).status == "done"


def test_errors_and_answers_without_pages_are_explained(tmp_path: Path) -> None:
    error = {"object": "error", "status": 404, "code": "object_not_found", "message": "Could not find page."}
    root = build.folder(
        tmp_path / "answers",
        {
            "1-error.json": json.dumps([{"path": "/v1/pages/x", "notion_version": "2022-06-28", "response": error}]),
            "2-empty.json": json.dumps(rows_of()),
            "3-users.json": json.dumps(rows_of(user("Ana"), user("Ben"))),
            "4-other.json": json.dumps({"a": 1}),
            "5-broken.json": '{"object": "page", "id": ',
            "6-nothing.json": "",
            "7-deep.json": "[" * 100_000,
        },
    )

    assert [(refusal.what, refusal.why) for refusal in refusals(root)] == [
        (
            "1-error.json, error 1",
            "Notion answered with an error instead of data: 404 object_not_found «Could not find page.».",
        ),
        ("2-empty.json", "It holds no page, only other things of Notion: 1 of the sort «list»."),
        ("3-users.json", "It holds no page, only other things of Notion: 1 of the sort «list», 2 of the sort «user»."),
        ("4-other.json", "It is JSON, but holds nothing of Notion."),
        ("5-broken.json", "It is no valid JSON: it breaks off or goes wrong at line 1, column 26."),
        ("6-nothing.json", "It is no valid JSON: it breaks off or goes wrong at line 1, column 1."),
        ("7-deep.json", "It is no valid JSON: it is nested too deeply, and goes wrong or breaks off."),
    ]


def test_json_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(json.dumps(page(name)) for name in ("One", "Two")), encoding="utf-8")

    assert list(by_subject(path)) == ["One", "Two"]


def test_a_date_that_can_not_be_read_is_told_and_kept(tmp_path: Path) -> None:
    due = ["2026-03-04", "2026-03-05", "when it rains"]
    rows = [row(f"Row {number}", Due=value("rich_text", words(said))) for number, said in enumerate(due)]

    item = items(api(tmp_path, rows))[2]

    assert item.problems == ("The column «Due» holds «when it rains», which could not be read as a date.",)
    assert ("Due", "when it rains") in work(item).fields


def test_a_row_s_own_number_is_told_from_ids_that_other_columns_hold(tmp_path: Path) -> None:
    numbered = row(
        "Roof", Number=value("unique_id", {"prefix": "TASK", "number": 7}), Seen=value("rich_text", words("X-1"))
    )

    [item] = items(api(tmp_path, [numbered]))

    assert work(item).own_ids == ("TASK-7",)
    assert work(item).fields == (("Number", "TASK-7"), ("Seen", "X-1"))


def test_a_person_corrects_what_a_column_means(tmp_path: Path) -> None:
    days: dict[str, Any] = {
        "Finish": value("date", {"start": "2026-03-04"}),
        "Visit": value("date", {"start": "2026-03-02"}),
    }
    path = api(tmp_path, row("Roof", **days))

    corrected = items(path, Options(columns={"finish": "due", "Status": None}))[0]

    assert work(items(path)[0]).due_at is None
    assert work(corrected).due_at == datetime(2026, 3, 4, 23, 59, tzinfo=UTC)
    assert work(corrected).status_name == ""
    assert corrected.content_hash != items(path)[0].content_hash


def test_the_tables_of_a_document_are_shown_with_their_first_rows(tmp_path: Path) -> None:
    path = api(tmp_path, [TASKS, rows_of(*[row(f"Row {number}") for number in range(9)]), page("Handbook")])

    assert MANIFEST.tables is not None
    (table,) = MANIFEST.tables(path, Options())

    assert table.name == "Tasks"
    assert [(column.name, column.field, column.why) for column in table.columns] == [
        ("Name", "title", "by its type"),
        ("Status", "status", "by its type"),
        ("Due", "due", "by its name"),
    ]
    assert [item.subject for item in table.rows] == [f"Row {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("document", "yes"),
    [
        (page("Roof"), True),
        (TASKS, True),
        (rows_of(user("Ana")), True),
        ([{"path": "/v1/users", "notion_version": "2022-06-28", "response": {"object": "error"}}], True),
        ({"object": "list", "data": [{"object": "charge", "id": "ch_1"}]}, False),
        ([{"type": "message", "user": "U1", "text": "hello", "ts": "1.2"}], False),
        ([{"title": "Fix the roof", "status": "open"}], False),
    ],
)
def test_notions_answers_are_told_from_other_json(tmp_path: Path, document: Any, yes: bool) -> None:
    assert MANIFEST.reader.recognises(api(tmp_path, document)) is yes


def test_reading_again_gives_the_same(tmp_path: Path) -> None:
    path = api(tmp_path, [TASKS, row("Roof"), row("Roof", "Done"), page("Handbook")])

    assert read(path) == read(path)
