"""What Notion and the gateway can do wrong, and what becomes of it."""

from typing import Any

import pytest

from app.core.errors import Refusing, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable
from app.integrations.notion.live import LIVE
from app.integrations.notion.live.standing import TRIES
from app.records import Item, Kept
from tests.integrations.notion.live.world import World, key

QUERIES = ("NOTION_QUERY_DATABASE_WITH_FILTER", "NOTION_QUERY_DATA_SOURCE")


@pytest.fixture
def world() -> World:
    made = World()
    tasks = made.space.add_database("Tasks")
    for number in range(3):
        made.space.add_row(tasks, {"Name": f"Row {number}", "Status": "Doing"}, markdown="Words")
    return made


def without(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key != name} for row in rows]


BROKEN: dict[str, tuple[str, Any, str]] = {
    "no results": ("QUERY", lambda data: {"next_cursor": None}, "data.results"),
    "results of another sort": ("QUERY", lambda data: data | {"results": {}}, "data.results"),
    "nothing at all": ("QUERY", lambda data: None, "data.results"),
    "a page in HTML": ("QUERY", lambda data: "<html>", "data.results"),
    "renamed results": ("QUERY", lambda data: {"rows": data["results"]}, "data.results"),
    "more, but not from where": ("QUERY", lambda data: data | {"has_more": True}, "data.next_cursor"),
    "rows without ids": (
        "QUERY",
        lambda data: data | {"results": without("id", data["results"])},
        "data.results[0].id",
    ),
    "rows without properties": (
        "QUERY",
        lambda data: data | {"results": without("properties", data["results"])},
        "data.results[0].properties",
    ),
    "rows without times": (
        "QUERY",
        lambda data: data | {"results": without("last_edited_time", data["results"])},
        "data.results[0].last_edited_time",
    ),
    "rows that are texts": ("QUERY", lambda data: data | {"results": ["one", "two"]}, "data.results[0].id"),
    "a schema without properties": ("FETCH_DATABASE", lambda data: {"id": data["id"]}, "data.properties"),
    "a search without results": ("SEARCH", lambda data: {}, "data.results"),
}


@pytest.mark.parametrize(("tool", "spoil", "path"), BROKEN.values(), ids=BROKEN)
async def test_an_answer_of_another_shape_is_recognised_and_kept(
    world: World, tool: str, spoil: Any, path: str
) -> None:
    world.tools.twist = lambda called, _arguments, data: spoil(data) if tool in called else data

    with pytest.raises(Unreadable) as caught:
        await world.pull()

    assert caught.value.path == path
    assert isinstance(caught.value.kept, Kept)
    assert caught.value.kept.whole


NESTED: dict[str, Any] = {
    "plain": lambda data: data,
    "response_data": lambda data: {"response_data": data},
    "data": lambda data: {"data": data},
    "details": lambda data: {"details": data},
    "data_preview": lambda data: {"data_preview": data},
    "two levels": lambda data: {"data": {"response_data": data}},
}


@pytest.mark.parametrize("nest", NESTED.values(), ids=NESTED)
async def test_however_an_answer_is_nested_it_is_read(world: World, nest: Any) -> None:
    world.tools.page_size = 2
    world.tools.twist = lambda _tool, _arguments, data: nest(data)

    await world.pull()

    assert world.stored() == world.truth()
    assert {item.text for item in world.store.items.values()} == {"Words"}


async def test_names_in_other_letters_are_read(world: World) -> None:
    def renamed(tool: str, _arguments: Any, data: dict[str, Any]) -> dict[str, Any]:
        if tool not in QUERIES:
            return data
        return {"results": data["results"], "nextCursor": data["next_cursor"], "hasMore": data["has_more"]}

    world.tools.page_size = 2
    world.tools.twist = renamed
    await world.pull()

    assert world.stored() == world.truth()


@pytest.mark.parametrize("error", [Unauthorised, Throttled, Unreachable, TimedOut, Refusing])
@pytest.mark.parametrize("tool", ["NOTION_SEARCH_NOTION_PAGE", "NOTION_FETCH_DATABASE", QUERIES[0]])
async def test_what_ails_the_service_or_the_account_ends_the_pull(world: World, error: Any, tool: str) -> None:
    def fail(called: str, _arguments: Any, data: Any) -> Any:
        if called == tool:
            raise error("It fails.", service="Notion")
        return data

    world.tools.twist = fail
    with pytest.raises(error):
        await world.pull()


@pytest.mark.parametrize("error", [Unauthorised, Throttled, Refusing])
async def test_so_it_does_where_a_page_is_read(world: World, error: Any) -> None:
    def fail(called: str, _arguments: Any, data: Any) -> Any:
        if called == "NOTION_GET_PAGE_MARKDOWN":
            raise error("It fails.", service="Notion")
        return data

    world.tools.twist = fail
    with pytest.raises(error):
        await world.pull()


async def test_a_page_out_of_reach_leaves_a_row_with_a_problem_and_is_read_at_the_next_pull(world: World) -> None:
    ill = True

    def fail(called: str, arguments: dict[str, Any], data: Any) -> Any:
        if ill and called == "NOTION_GET_PAGE_MARKDOWN":
            raise TimedOut("It takes too long.", service="Notion")
        return data

    world.tools.twist = fail
    await world.pull()
    problems = [item.problems for item in world.store.items.values()]
    ill = False
    world.clock.advance(hours=1)
    await world.pull()

    assert all("could not be read" in " ".join(each) for each in problems)
    assert {(item.text, item.problems) for item in world.store.items.values()} == {("Words", ())}
    assert "again" not in world.store.cursor


async def test_a_row_that_notion_never_gives_stops_neither_the_pull_nor_the_listing(world: World) -> None:
    bad = next(iter(world.space.rows))

    def fail(called: str, arguments: dict[str, Any], data: Any) -> Any:
        if called in ("NOTION_GET_PAGE_MARKDOWN", "NOTION_FETCH_ROW") and key(arguments["page_id"]) == key(bad):
            raise TimedOut("It takes too long.", service="Notion")
        return data

    world.tools.twist = fail
    await world.pull()
    for _ in range(TRIES):
        world.clock.advance(minutes=5)
        await world.pull()
    assert "again" not in world.store.cursor

    world.space.trash_row(bad)
    world.clock.advance(hours=25)
    await world.pull()

    assert world.store.gone == []


@pytest.mark.parametrize("cursor", [{"other": 1}, {"began": 7, "listed": None}, {"began": "x", "tables": []}])
async def test_a_cursor_that_can_not_be_read_begins_anew(world: World, cursor: dict[str, Any]) -> None:
    world.store.cursor = cursor

    await world.pull()

    assert world.stored() == world.truth()


async def test_where_markdown_is_refused_the_blocks_are_read(world: World) -> None:
    def fail(called: str, _arguments: Any, data: Any) -> Any:
        if called == "NOTION_GET_PAGE_MARKDOWN":
            raise Rejected("No such tool.", service="Notion")
        return data

    world.tools.twist = fail
    await world.pull()

    assert {item.text for item in world.store.items.values()} == {"Words"}


async def test_a_page_that_nothing_reads_leaves_a_row_with_a_problem(world: World) -> None:
    def fail(called: str, _arguments: Any, data: Any) -> Any:
        if called in ("NOTION_GET_PAGE_MARKDOWN", "NOTION_FETCH_BLOCK_CONTENTS"):
            raise Rejected("No.", service="Notion")
        return data

    world.tools.twist = fail
    await world.pull()

    assert {item.problems for item in world.store.items.values()} == {
        ("The page's content could not be read: a service refuses what we ask.",)
    }


async def test_a_database_that_is_not_shared_is_named_and_the_others_are_read(world: World) -> None:
    hidden = world.space.add_database("Hidden")
    world.space.share(hidden, False)
    world.settings = {"databases": [hidden, next(iter(world.space.databases))]}

    await world.pull()

    assert world.stored() == world.truth()
    assert [(each.what, "Share it" in each.why) for each in world.store.refusals] == [
        (f"the database «{key(hidden)}»", True)
    ]


async def test_a_database_whose_rows_are_refused_is_named_too(world: World) -> None:
    other = world.space.add_database("Other")

    def fail(called: str, arguments: dict[str, Any], data: Any) -> Any:
        if called in QUERIES and key(other) in map(key, map(str, arguments.values())):
            raise Rejected("No.", service="Notion")
        if called == QUERIES[1]:
            raise Rejected("No.", service="Notion")
        return data

    world.tools.twist = fail
    await world.pull()

    assert world.stored() == world.truth()
    assert [each.what for each in world.store.refusals] == ["the database «Other»"]


async def test_where_no_database_can_be_read_the_pull_fails_and_says_what_to_do(world: World) -> None:
    for database in world.space.databases:
        world.space.share(database, False)
    with pytest.raises(Rejected, match="Share one"):
        await world.pull()

    world.settings = {"databases": list(world.space.databases)}
    with pytest.raises(Rejected, match="Share one"):
        await world.pull()


async def test_a_database_that_refuses_the_older_call_is_asked_by_its_source(world: World) -> None:
    def fail(called: str, _arguments: Any, data: Any) -> Any:
        if called == QUERIES[0]:
            raise Rejected("Databases with multiple data sources are not supported.", service="Notion")
        return data

    world.tools.twist = fail
    await world.pull()

    assert world.stored() == world.truth()


async def test_an_empty_page_with_a_cursor_is_not_the_end(world: World) -> None:
    def empty(called: str, arguments: dict[str, Any], data: dict[str, Any]) -> Any:
        if called == QUERIES[0] and "start_cursor" not in arguments and "filter" in arguments:
            return data | {"results": [], "has_more": True, "next_cursor": data["results"][0]["id"]}
        return data

    world.tools.twist = empty
    await world.pull()

    assert world.stored() == world.truth()


async def test_a_cursor_that_leads_to_the_same_page_ends_in_an_error_not_in_a_circle(world: World) -> None:
    row = next(iter(world.space.rows))

    def circle(called: str, _arguments: Any, data: dict[str, Any]) -> Any:
        return data | {"has_more": True, "next_cursor": row} if called in QUERIES else data

    world.tools.twist = circle
    with pytest.raises(Unreadable, match="the same page again"):
        await world.pull()


async def test_cursors_that_are_refused_for_ever_end_too(world: World) -> None:
    world.tools.page_size = 1
    world.space.stale = True

    with pytest.raises(Rejected):
        await world.pull()


async def test_a_stale_cursor_reads_on_from_where_it_was(world: World) -> None:
    world.tools.page_size = 1
    await world.pull(pages=2)
    world.space.stale = True
    world.tools.page_size = None

    await world.pull()

    assert world.stored() == world.truth()


async def test_rows_twice_and_in_any_order_change_nothing(world: World) -> None:
    def shuffled(called: str, _arguments: Any, data: dict[str, Any]) -> Any:
        return data | {"results": [*reversed(data["results"]), *data["results"]]} if called in QUERIES else data

    world.tools.twist = shuffled
    await world.pull()

    assert world.stored() == world.truth()
    assert world.store.updated == []


async def test_what_could_not_be_read_is_read_again_after_a_mend(world: World) -> None:
    world.tools.twist = lambda tool, _arguments, data: {"rows": data["results"]} if tool == QUERIES[0] else data
    with pytest.raises(Unreadable) as caught:
        await world.pull()
    kept = caught.value.kept
    assert isinstance(kept, Kept)
    world.tools.twist = lambda _tool, _arguments, data: data

    with pytest.raises(Unreadable):
        await LIVE.source().replay(world.pull_of(), kept)
    mended = Kept(kept.tool, kept.arguments, kept.path, {"results": kept.value["rows"]}, whole=True)
    reads = await LIVE.source().replay(world.pull_of(), mended)

    assert {read.what.subject for read in reads if isinstance(read.what, Item)} == {"Row 0", "Row 1", "Row 2"}


async def test_one_row_is_read_again_by_itself(world: World) -> None:
    database, source = next(iter(world.space.databases)), next(iter(world.space.sources))
    row = world.space.query(source, {})["results"][0]
    kept = Kept(QUERIES[0], {"database_id": key(database)}, "data.results[0].id", row, whole=False)

    (read,) = await LIVE.source().replay(world.pull_of(), kept)

    assert isinstance(read.what, Item)
    assert read.what.external_id == key(row["id"])
    spoiled = Kept(QUERIES[0], {"database_id": key(database)}, "data.results[0].id", {**row, "id": 3}, whole=False)
    with pytest.raises(Unreadable):
        await LIVE.source().replay(world.pull_of(), spoiled)
