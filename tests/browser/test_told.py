"""What a task's source was told of it, beside the task: seen, and decided where it did not work."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TITLE = "Signed data agreement"
WHY = "It is «In review» by now, it was «To do»; nothing was overwritten."


def met_a_conflict(file: Path) -> None:
    """The source of the task was to be told, and somebody had changed it there."""
    row = "SELECT id, integration_id, 'open', 'done', 'person', 'conflict', ?, '{}', '{}', datetime('now') FROM tasks"
    columns = "task_id, integration_id, mark, before, actor, state, why, expected, effect, created_at"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE integrations SET write_back = 1")
        database.execute(f"INSERT INTO task_writes ({columns}) {row} WHERE title = ?", (WHY, TITLE))


async def test_a_conflict_says_what_stands_there_and_is_left_out_by_a_person(site: Site, tmp_path: Path) -> None:
    met_a_conflict(tmp_path / "watchfloor.db")
    await site.visit()
    source = (await site.open(TITLE)).get_by_role("region", name="Its source")
    await expect(source).to_contain_text("Its source could not be told")
    await expect(source).to_contain_text(WHY)

    await source.get_by_role("button", name="Leave it out").click()

    await expect(source).to_have_count(0)
    assert (await site.api("/writes"))["items"][0]["state"] == "cancelled"


async def test_it_is_written_over_only_where_a_person_says_so(site: Site, tmp_path: Path) -> None:
    met_a_conflict(tmp_path / "watchfloor.db")
    await site.visit()
    source = (await site.open(TITLE)).get_by_role("region", name="Its source")

    await source.get_by_role("button", name="Write over it").click()

    await expect(source).to_contain_text("Its source is being told")
    [write] = (await site.api("/writes"))["items"]
    assert write["state"] in ("pending", "sending")
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        assert database.execute("SELECT overwrite FROM task_writes").fetchall() == [(1,)]
