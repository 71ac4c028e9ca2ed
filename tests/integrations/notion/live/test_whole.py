"""Laws: whatever the sizes, interruptions and changes, what is stored is what is there; live and imported are one."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.contract import Options
from scripts.fake_composio.notion_shapes import status_schema, usual_schema
from tests.integrations.notion import build
from tests.integrations.notion.live.world import World, key

ACTS = st.lists(st.sampled_from(["add", "add", "edit", "trash", "delete", "wait"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(1, 7),
    stops=st.lists(st.integers(1, 5), max_size=8),
    minutes=st.lists(st.integers(0, 12), min_size=1, max_size=30),
    acts=ACTS,
    several=st.booleans(),
)
async def test_interrupted_anywhere_the_store_ends_equal_to_the_workspace(
    size: int, stops: list[int], minutes: list[int], acts: list[str], several: bool
) -> None:
    world = World()
    world.tools.page_size = size
    tables = [world.space.add_database("One"), world.space.add_database("Two")]
    if several:
        tables.append(world.space.add_data_source(tables[0], "Three"))
    for place, ago in enumerate(minutes):
        at = world.clock.now - timedelta(minutes=ago)
        world.space.add_row(tables[place % len(tables)], {"Name": f"Row {place}", "Status": "Doing"}, at=at)
    for stop in stops:
        await world.pull(pages=stop)
        act(world, tables, acts)
    world.clock.advance(minutes=3)
    await world.pull()
    world.clock.advance(hours=25)
    for stop in stops:
        await world.pull(pages=stop)
    await world.pull()

    assert world.stored() == world.truth()


def act(world: World, tables: list[str], acts: list[str]) -> None:
    if not acts:
        return
    what, rows = acts.pop(), list(world.space.rows)
    world.clock.advance(minutes=2 if what == "wait" else 0.4)
    if what == "add":
        world.space.add_row(tables[len(rows) % len(tables)], {"Name": f"New {len(rows)}"})
    elif what == "edit" and rows:
        world.space.edit_row(rows[len(rows) // 2], {"Name": f"Edited at {world.clock.now}"})
    elif what == "trash" and rows:
        world.space.trash_row(rows[0])
    elif what == "delete" and rows:
        world.space.delete_row(rows[-1])


async def test_many_rows_of_one_minute_are_all_read_and_their_deletions_found() -> None:
    world = World()
    tasks = world.space.add_database("Tasks")
    rows = [world.space.add_row(tasks, {"Name": f"Row {number}"}) for number in range(25)]
    world.tools.page_size = 4
    await world.pull()
    world.clock.advance(hours=25)
    for row in rows[3:20:5]:
        world.space.delete_row(row)

    await world.pull()

    assert len(world.store.gone) == 4
    assert world.stored() == world.truth()


async def test_items_of_an_import_that_are_in_no_table_are_left_alone() -> None:
    world = World()
    tasks = world.space.add_database("Tasks")
    world.space.add_row(tasks, {"Name": "Row"})
    other = world.space.add_database("Not pulled")
    page = world.space.add_row(other, {"Name": "Imported"})
    world.settings = {"databases": [other]}
    await world.pull()
    world.store.cursor, world.settings = {}, {"databases": [tasks]}
    await world.pull()
    world.clock.advance(hours=25)

    await world.pull()

    assert world.store.gone == []
    assert key(page) in world.store.items


async def test_the_cursor_stays_small() -> None:
    world = World()
    world.space.generate(databases=5, rows=120)
    await world.pull(pages=3)

    assert len(str(world.store.cursor)) < 5_000


@pytest.mark.parametrize("rows", [1, 130])
async def test_a_row_by_import_and_live_is_the_same_item(tmp_path: Path, rows: int) -> None:
    world = World()
    schema = usual_schema() | {"Status": status_schema({"To-do": ["Backlog"], "Complete": ["Done"]})}
    schema |= {"Blocked by": {"type": "relation"}, "Project": {"type": "relation"}, "Notes": {"type": "rich_text"}}
    tasks = world.space.add_database("Tasks", schema)
    before: list[str] = []
    for place in range(rows):
        said: dict[str, object] = {
            "Name": f"Row {place}",
            "Status": "Backlog" if place % 3 else "Done",
            "Due": "2026-04-01",
        }
        said |= {"Notes": "See https://www.notion.so/" + "a" * 32, "Blocked by": before[-2:], "Project": before[:1]}
        at = world.clock.now - timedelta(minutes=rows - place)
        before.append(world.space.add_row(tasks, said, markdown="# Plan\n- [ ] **first**", at=at))
    world.settings = {"page_content": "all"}
    tools = world.space.tools
    answers = [tools["NOTION_FETCH_DATABASE"]({"database_id": tasks})]
    answers += [world.space.told_row(world.space.rows[own]) for own in before]
    answers += [tools["NOTION_GET_PAGE_MARKDOWN"]({"page_id": own}) for own in before]
    imported = {item.external_id: item for item in build.items(build.api(tmp_path, answers), Options())}

    await world.pull()

    assert set(imported) == set(world.store.items)
    for own, item in world.store.items.items():
        assert item == imported[own]
