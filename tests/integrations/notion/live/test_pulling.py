"""What is pulled, and that edits, deletions and interruptions are followed."""

from datetime import timedelta

import pytest

from app.integrations.notion.live.settings import MOST_DATABASES
from app.records import Refusal
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.notion_shapes import status_schema, usual_schema
from tests.integrations.notion.live.world import World, key

FACTS = ("content_hash", "keys", "subject", "text", "work", "url", "sent_at", "revised_at", "automation", "links")


@pytest.fixture
def world() -> World:
    return World()


async def test_rows_of_every_shared_database_come_as_work_with_their_pages_content(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    row = world.space.add_row(
        tasks, {"Name": "Fix the roof", "Status": "Doing", "Due": "2026-03-25"}, markdown="**Now**"
    )

    pages = await world.pull()

    item = world.store.items[key(row)]
    assert (item.subject, item.text, item.keys) == ("Fix the roof", "Now", (f"notion:{key(row)}",))
    work = world.store.work("Fix the roof")
    assert (work.status, work.status_name) == ("open", "Doing")
    assert work.due_at is not None
    assert work.due_at.day == 25
    assert pages[-1].done


async def test_only_the_databases_that_were_named_are_pulled(world: World) -> None:
    one, two = world.space.add_database("One"), world.space.add_database("Two")
    world.space.add_row(one, {"Name": "Wanted"})
    world.space.add_row(two, {"Name": "Unwanted"})
    world.settings = {"databases": [f"https://www.notion.so/acme/One-{key(one)}?v={key(two)}"]}

    await world.pull()

    assert set(world.store.by_subject()) == {"Wanted"}


async def test_the_group_of_a_status_says_whether_a_row_is_done(world: World) -> None:
    schema = usual_schema() | {"Status": status_schema({"To-do": ["Parked"], "Complete": ["Handed over"]})}
    tasks = world.space.add_database("Tasks", schema)
    world.space.add_row(tasks, {"Name": "One", "Status": "Parked"})
    world.space.add_row(tasks, {"Name": "Two", "Status": "Handed over"})

    await world.pull()

    assert (world.store.work("One").status, world.store.work("Two").status) == ("open", "done")


async def test_an_idle_pull_asks_for_the_list_and_twice_for_each_table(world: World) -> None:
    world.space.generate(databases=2, rows=40)
    world.clock.advance(hours=1)
    await world.pull()
    world.clock.advance(minutes=5)

    pages = await world.pull()

    assert world.tools.counted() == {
        "NOTION_SEARCH_NOTION_PAGE": 1,
        "NOTION_FETCH_DATABASE": 2,
        "NOTION_QUERY_DATABASE_WITH_FILTER": 2,
    }
    assert not any(page.reads or page.gone for page in pages)


async def test_every_query_says_how_many_rows_it_wants(world: World) -> None:
    world.space.generate(rows=5)
    await world.pull()

    sized = [arguments for tool, arguments in world.tools.calls if "QUERY" in tool or "SEARCH" in tool]

    assert sized
    assert all(arguments["page_size"] == 100 for arguments in sized)


async def test_an_edit_is_followed_and_nothing_else_is_read_again(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    rows = [world.space.add_row(tasks, {"Name": f"Row {n}", "Status": "Doing"}, markdown="Old") for n in range(30)]
    world.clock.advance(minutes=10)
    await world.pull()
    world.clock.advance(minutes=10)
    world.space.edit_row(rows[3], {"Status": "Done"}, markdown="New")

    await world.pull()

    assert world.store.updated == [key(rows[3])]
    assert world.tools.counted()["NOTION_GET_PAGE_MARKDOWN"] == 1
    assert world.store.work("Row 3").status == "done"
    assert world.store.items[key(rows[3])].text == "New"


async def test_rows_edited_around_the_end_of_a_pull_are_in_the_next(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    row = world.space.add_row(tasks, {"Name": "Before"})
    await world.pull()
    world.clock.advance(seconds=10)
    world.space.edit_row(row, {"Name": "After"})  # within the minute that Notion told before
    world.clock.advance(minutes=1)

    await world.pull()

    assert set(world.store.by_subject()) == {"After"}


async def test_what_was_not_touched_since_the_beginning_is_not_wanted(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "Ancient"}, at=world.since - timedelta(days=1))
    old = world.space.add_row(tasks, {"Name": "Old"}, at=world.since - timedelta(days=1))
    world.space.edit_row(old, {"Status": "Doing"})

    await world.pull()
    world.clock.advance(hours=30)
    await world.pull()

    assert set(world.store.by_subject()) == {"Old"}


async def test_an_earlier_beginning_reads_what_lies_before(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "Ancient"}, at=world.since - timedelta(days=1))
    await world.pull()
    world.since -= timedelta(days=10)

    await world.pull()

    assert set(world.store.by_subject()) == {"Ancient"}


@pytest.mark.parametrize("how", [NotionSpace.trash_row, NotionSpace.delete_row])
async def test_a_deleted_row_is_gone_at_the_next_full_listing(world: World, how: object) -> None:
    world.space.generate(databases=2, rows=30)
    await world.pull()
    row = next(iter(world.space.rows))
    world.clock.advance(hours=25)
    assert callable(how)
    how(world.space, row)

    await world.pull()

    assert world.store.gone == [key(row)]
    assert world.stored() == world.truth()


async def test_a_restored_row_comes_back(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    row = world.space.add_row(tasks, {"Name": "Back again"})
    await world.pull()
    world.clock.advance(hours=25)
    world.space.trash_row(row)
    await world.pull()
    assert not world.store.items
    world.clock.advance(minutes=5)
    world.space.restore_row(row)

    await world.pull()

    assert set(world.store.by_subject()) == {"Back again"}


async def test_a_full_listing_without_deletions_looks_at_no_row_and_changes_nothing(world: World) -> None:
    world.space.generate(databases=2, rows=150)
    world.clock.advance(minutes=5)
    await world.pull()
    world.clock.advance(hours=25)

    pages = await world.pull()

    assert world.tools.counted()["NOTION_FETCH_ROW"] == 0
    assert world.tools.counted()["NOTION_GET_PAGE_MARKDOWN"] == 0
    assert not any(page.reads or page.gone for page in pages)


async def test_a_row_that_moved_to_a_table_that_is_not_pulled_is_not_called_gone(world: World) -> None:
    one, two = world.space.add_database("One"), world.space.add_database("Two")
    row = world.space.add_row(one, {"Name": "Moves"})
    world.settings = {"databases": [one]}
    await world.pull()
    world.clock.advance(hours=25)
    world.space.move_row(row, two)

    await world.pull()

    assert world.store.gone == []


async def test_a_row_that_moved_into_a_table_unedited_is_found_at_the_full_listing(world: World) -> None:
    one, two = world.space.add_database("One"), world.space.add_database("Two")
    row = world.space.add_row(two, {"Name": "Moves"})
    world.settings = {"databases": [one]}
    await world.pull()
    assert not world.store.items
    world.clock.advance(hours=25)
    world.space.move_row(row, one)

    await world.pull()

    assert set(world.store.by_subject()) == {"Moves"}


async def test_while_a_database_is_not_shared_nothing_that_is_not_found_is_called_gone(world: World) -> None:
    one, two = world.space.add_database("One"), world.space.add_database("Two")
    world.space.add_row(one, {"Name": "Stays"})
    world.space.add_row(two, {"Name": "Out of sight"})
    world.settings = {"databases": [one, two]}
    await world.pull()
    world.clock.advance(hours=25)
    world.space.share(two, False)

    await world.pull()

    assert world.store.gone == []
    assert [refusal.what for refusal in world.store.refusals] == [f"the database «{key(two)}»"]
    assert "Share it" in world.store.refusals[0].why


async def test_rows_of_a_database_that_nobody_named_and_that_is_shared_no_more_are_not_called_gone(
    world: World,
) -> None:
    one, two = world.space.add_database("One"), world.space.add_database("Two")
    world.space.add_row(one, {"Name": "Stays"})
    hidden = world.space.add_row(two, {"Name": "Out of sight"})
    await world.pull()
    world.space.share(two, False)
    for _ in range(2):
        world.clock.advance(hours=25)
        await world.pull()
    assert world.store.gone == []

    world.space.share(two)
    world.space.delete_row(hidden)
    world.clock.advance(hours=25)
    await world.pull()

    assert world.store.gone == [key(hidden)]


async def test_of_too_many_shared_databases_the_same_are_pulled_each_time_and_that_is_said(world: World) -> None:
    for number in range(MOST_DATABASES + 2):
        world.space.add_row(world.space.add_database(f"Tasks {number}"), {"Name": f"Row {number}"})
    await world.pull()
    pulled = set(world.store.cursor["tables"])
    world.space.databases = dict(reversed(world.space.databases.items()))
    world.clock.advance(minutes=5)

    await world.pull()

    assert set(world.store.cursor["tables"]) == pulled
    assert {refusal.what for refusal in world.store.refusals} == {"2 of the databases that are shared"}


async def test_each_source_of_a_database_is_pulled_with_its_own_columns(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    other = {"Name": {"type": "title"}, "Deadline": {"type": "date"}, "State": status_schema()}
    second = world.space.add_data_source(tasks, "Jobs", other)
    world.space.add_row(tasks, {"Name": "One", "Due": "2026-03-25"})
    world.space.add_row(second, {"Name": "Two", "Deadline": "2026-03-26", "State": "Doing"})

    await world.pull()

    assert world.tools.counted()["NOTION_QUERY_DATABASE_WITH_FILTER"] == 0
    dues = {name: world.store.work(name).due_at for name in ("One", "Two")}
    assert {name: due.day for name, due in dues.items() if due} == {"One": 25, "Two": 26}
    assert world.store.work("Two").status_name == "Doing"


async def test_a_database_that_gets_a_second_source_goes_on(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "One"})
    await world.pull()
    second = world.space.add_data_source(tasks, "Jobs")
    world.space.add_row(second, {"Name": "Two"})
    world.clock.advance(minutes=5)

    await world.pull()

    assert set(world.store.by_subject()) == {"One", "Two"}


async def test_what_people_say_of_a_column_counts_and_reads_the_rows_again(world: World) -> None:
    schema = usual_schema() | {"Handover": {"type": "date"}}
    tasks = world.space.add_database("Tasks", schema)
    world.space.add_row(tasks, {"Name": "One", "Status": "Doing", "Due": "2026-03-25", "Handover": "2026-04-02"})
    await world.pull()
    world.settings = {"columns": {"handover": "due", "Due": "keep"}}
    world.clock.advance(minutes=30)

    await world.pull()

    work = world.store.work("One")
    assert work.due_at is not None
    assert (work.due_at.month, dict(work.fields)) == (4, {"Due": "2026-03-25"})


async def test_a_new_column_without_a_meaning_reads_nothing_again(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    for number in range(30):
        world.space.add_row(tasks, {"Name": f"Row {number}", "Status": "Doing"})
    world.clock.advance(minutes=10)
    await world.pull()
    world.clock.advance(minutes=30)
    world.space.set_schema(tasks, usual_schema() | {"Colour": {"type": "rich_text"}})

    pages = await world.pull()

    assert not any(page.reads for page in pages)


async def test_a_status_that_moves_to_another_group_reads_the_rows_again(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "One", "Status": "Next"})
    await world.pull()
    world.clock.advance(minutes=30)
    regrouped = status_schema({"To-do": ["Backlog"], "Complete": ["Done", "Next"]})
    world.space.set_schema(tasks, usual_schema() | {"Status": regrouped})

    await world.pull()

    assert world.store.work("One").status == "done"


async def test_a_project_is_called_by_its_pages_title_whatever_comes_with_the_row(world: World) -> None:
    projects = world.space.add_database("Projects", {"Name": {"type": "title"}})
    house = world.space.add_row(projects, {"Name": "House"})
    tasks = world.space.add_database("Tasks", usual_schema() | {"Project": {"type": "relation"}})
    row = world.space.add_row(tasks, {"Name": "One", "Project": [house]})
    world.settings = {"databases": [tasks]}
    await world.pull()
    before = world.store.items[key(row)]
    world.settings = {"databases": [projects, tasks]}
    world.store.cursor = {}

    await world.pull()

    assert world.store.work("One").project == "House"
    assert world.store.items[key(row)].content_hash == before.content_hash


@pytest.mark.parametrize(("content", "read"), [("none", set()), ("open", {"Open"}), ("all", {"Open", "Done"})])
async def test_whose_page_is_read_can_be_set(world: World, content: str, read: set[str]) -> None:
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "Open", "Status": "Doing"}, markdown="Words", at=world.clock.now - timedelta(1))
    world.space.add_row(tasks, {"Name": "Done", "Status": "Done"}, markdown="Words", at=world.clock.now - timedelta(1))
    world.settings = {"page_content": content}

    await world.pull()

    assert {name for name, item in world.store.by_subject().items() if item.text == "Words"} == read


async def test_a_row_that_is_done_keeps_the_text_that_it_had(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    row = world.space.add_row(tasks, {"Name": "One", "Status": "Doing"}, markdown="Words")
    await world.pull()
    world.clock.advance(minutes=9)
    world.space.edit_row(row, {"Status": "Done"})

    await world.pull()

    assert world.store.by_subject()["One"].text == "Words"


async def test_one_row_that_cannot_be_read_is_kept_for_diagnosis_and_the_others_come(world: World) -> None:
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "Good"})
    world.space.add_row(tasks, {"Name": "Bad"})

    def spoil(tool: str, _arguments: object, data: dict[str, object]) -> dict[str, object]:
        if "QUERY" in tool and isinstance(rows := data["results"], list):
            return data | {"results": [rows[0], {**rows[1], "properties": None}]}
        return data

    world.tools.twist = spoil
    await world.pull()

    (refusal,) = world.store.refusals
    assert set(world.store.by_subject()) == {"Good"}
    assert isinstance(refusal, Refusal)
    assert refusal.kept is not None
    assert (refusal.kept.path, refusal.kept.whole) == ("data.results[1].properties", False)
