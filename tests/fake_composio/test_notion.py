"""The stand-in's Notion answers in the shapes that were recorded, and refuses what Notion refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.toolkit import Changeable, ToolFailed, Toolkit

NOW = datetime(2026, 3, 20, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
def space() -> NotionSpace:
    return NotionSpace(now=lambda: NOW)


def titles(answer: dict[str, Any]) -> list[str]:
    return [row["properties"]["Name"]["title"][0]["plain_text"] for row in answer["results"]]


def query(space: NotionSpace, database: str, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = space.tools["NOTION_QUERY_DATABASE_WITH_FILTER"]({"database_id": database, **asked})
    return found


def test_it_is_a_toolkit_that_can_be_changed(space: NotionSpace) -> None:
    kit: Toolkit = space

    assert kit.toolkit == "notion"
    assert isinstance(space, Changeable)


def test_a_list_comes_in_pages_that_name_the_next(space: NotionSpace) -> None:
    space.generate(rows=5)
    database = next(iter(space.databases))
    seen: list[str] = []
    start: str | None = None
    sizes = []
    while True:
        page = query(space, database, page_size=2, start_cursor=start)
        seen += titles(page)
        sizes.append(len(page["results"]))
        start = page["next_cursor"]
        assert page["has_more"] is (start is not None)
        if not start:
            break

    assert sizes == [2, 2, 1]
    assert len(set(seen)) == 5


def test_the_default_size_can_be_as_small_as_it_once_was(space: NotionSpace) -> None:
    space.generate(rows=5).default_size = 2

    assert len(query(space, next(iter(space.databases)))["results"]) == 2


def test_rows_are_found_by_their_times_in_whole_minutes(space: NotionSpace) -> None:
    database = space.add_database("Tasks")
    for minutes in range(4):
        space.add_row(database, {"Name": f"{minutes}"}, at=NOW - timedelta(minutes=minutes))
    after = {"timestamp": "created_time", "created_time": {"on_or_after": "2026-03-20T08:58:00+00:00"}}
    before = {"timestamp": "last_edited_time", "last_edited_time": {"on_or_before": "2026-03-20T08:59:59+00:00"}}
    sorts = [{"timestamp": "created_time", "direction": "ascending"}]

    assert titles(query(space, database, filter={"and": [after, before]}, sorts=sorts)) == ["2", "1"]


def test_the_plain_query_sorts_by_names(space: NotionSpace) -> None:
    database = space.add_database("Tasks")
    for minutes in range(3):
        space.add_row(database, {"Name": f"{minutes}"}, at=NOW - timedelta(minutes=minutes))
    sorts = [{"property_name": "last_edited_time", "ascending": False}]

    answer = space.tools["NOTION_QUERY_DATABASE"]({"database_id": database, "sorts": sorts})

    assert titles(answer) == ["0", "1", "2"]


def test_a_row_in_the_trash_is_not_listed_but_can_be_looked_at(space: NotionSpace) -> None:
    database = space.add_database("Tasks")
    row = space.add_row(database, {"Name": "One"})
    space.trash_row(row)

    assert query(space, database)["results"] == []
    assert space.tools["NOTION_FETCH_ROW"]({"page_id": row})["in_trash"] is True


@pytest.mark.parametrize("sources", [1, 2])
def test_only_a_database_with_one_source_can_be_asked_for_by_itself(space: NotionSpace, sources: int) -> None:
    database = space.add_database("Tasks")
    for number in range(sources - 1):
        space.add_data_source(database, f"More {number}")

    if sources == 1:
        assert query(space, database)["results"] == []
        return
    with pytest.raises(ToolFailed, match="multiple data sources"):
        query(space, database)
    described = space.tools["NOTION_FETCH_DATABASE"]({"database_id": database})
    for source in described["data_sources"]:
        assert space.tools["NOTION_QUERY_DATA_SOURCE"]({"data_source_id": source["id"]})["results"] == []


@pytest.mark.parametrize(
    ("tool", "asked", "status"),
    [
        ("NOTION_FETCH_DATABASE", {"database_id": "0" * 32}, 404),
        ("NOTION_QUERY_DATA_SOURCE", {"data_source_id": "0" * 32}, 404),
        ("NOTION_FETCH_ROW", {"page_id": "0" * 32}, 404),
        ("NOTION_GET_PAGE_MARKDOWN", {"page_id": "0" * 32}, 404),
        ("NOTION_SEARCH_NOTION_PAGE", {"page_size": 101}, 400),
        ("NOTION_SEARCH_NOTION_PAGE", {"start_cursor": "elsewhere"}, 400),
    ],
)
def test_what_notion_refuses_is_refused(space: NotionSpace, tool: str, asked: dict[str, Any], status: int) -> None:
    with pytest.raises(ToolFailed) as caught:
        space.tools[tool](asked)

    assert caught.value.status_code == status


def test_a_database_that_is_not_shared_is_not_found(space: NotionSpace) -> None:
    database = space.add_database("Tasks")
    space.share(database, False)

    assert space.tools["NOTION_SEARCH_NOTION_PAGE"]({"filter_value": "database"})["results"] == []
    with pytest.raises(ToolFailed, match="shared with your integration"):
        query(space, database)


def test_a_page_comes_as_markdown_and_as_blocks(space: NotionSpace) -> None:
    database = space.add_database("Tasks")
    row = space.add_row(database, {"Name": "One"}, markdown="First\nSecond")

    assert space.tools["NOTION_GET_PAGE_MARKDOWN"]({"page_id": row})["markdown"] == "First\nSecond"
    blocks = space.tools["NOTION_FETCH_BLOCK_CONTENTS"]({"block_id": row})["results"]
    assert [block["paragraph"]["rich_text"][0]["plain_text"] for block in blocks] == ["First", "Second"]


def test_the_same_seed_makes_the_same_workspace() -> None:
    one, two = (NotionSpace(now=lambda: NOW).generate(databases=2, rows=10) for _ in range(2))

    assert one.rows == two.rows
    assert list(one.databases) == list(two.databases)


def test_it_is_changed_by_commands(space: NotionSpace) -> None:
    database = space.change({"do": "add_database", "title": "Tasks"})
    row = space.change({"do": "add_row", "table": database, "said": {"Name": "One"}, "at": "2026-03-19T10:00:00+00:00"})
    space.change({"do": "edit_row", "row": row, "said": {"Name": "Two"}})

    assert titles(query(space, database)) == ["Two"]
    with pytest.raises(ValueError, match="there is no «forget»"):
        space.change({"do": "forget"})
    with pytest.raises(ValueError, match="can't be done so"):
        space.change({"do": "add_row", "colour": "red"})
