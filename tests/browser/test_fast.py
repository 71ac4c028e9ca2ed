"""What keeps the queue fast, by counts: how much is loaded, how much is asked for, how many rows there are. No times:
those depend on the machine, and `scripts/bench --only dashboard` measures them, at 50,000 tasks.
"""

import asyncio
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser import thousands

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FILLED = 8_500
"""Three of five are open: some 5,100."""
PAGE = 200
MOST_ROWS = 30
"""In the document at one time, at any length: those in view at 850 pixels, and some around them."""


@pytest.fixture
def many(sqlite_template: Path, tmp_path: Path) -> None:
    """The server finds thousands of open tasks."""
    thousands.write(sqlite_template, tmp_path / "watchfloor.db", FILLED)


class Queue:
    """The list, and what the page asked the server for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(urlsplit(request.url).path))
        self.grid = page.get_by_role("grid", name="Open tasks")
        self.rows = page.locator("[data-task]")
        self.end = page.get_by_text("That is all:")

    async def visit(self) -> None:
        """Until nothing more is loaded."""
        await self.page.goto("/")
        await expect(self.rows.first).to_be_visible()
        known = -1
        while known != len(self.asked):
            known = len(self.asked)
            await asyncio.sleep(0.5)

    async def length(self) -> int:
        """How many pixels high all rows are that are loaded."""
        return int(await self.grid.evaluate("(grid) => grid.offsetHeight"))

    async def last_row(self) -> str:
        """The number of the last row, as the list tells how many there are."""
        return str(await self.grid.get_attribute("aria-rowcount"))

    async def tasks(self) -> int:
        """How many are open, as the server counts them."""
        answer = await self.page.request.get("/api/v1/tasks/counts?status=open")
        return int((await answer.json())["total"])

    async def grown(self, before: int) -> bool:
        """Whether more came; not, where this was all."""
        while await self.length() == before:
            if await self.end.count():
                return False
            await asyncio.sleep(0.02)
        return True


@pytest_asyncio.fixture(loop_scope="session")
async def queue(many: None, page: Page) -> Queue:
    queue = Queue(page)
    await queue.visit()
    return queue


async def test_the_first_load_takes_at_most_250_kb_of_scripts(queue: Queue) -> None:
    weights = {}
    for path in {path for path in queue.asked if path.endswith(".js")}:
        answer = await queue.page.request.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.ok
        weights[path] = int(answer.headers["content-length"])

    assert weights
    assert sum(weights.values()) <= 250_000, sorted(weights.items(), key=lambda each: -each[1])


async def test_the_first_load_asks_for_two_pages_of_the_list_and_everything_else_once(queue: Queue) -> None:
    times = Counter(path for path in queue.asked if path.startswith("/api/"))

    # When the stream of events stands, it is looked once whether the order is still the one that is shown.
    assert 1 <= times.pop("/api/v1/tasks") <= 4
    assert [path for path, count in times.items() if count > 1] == []
    assert len(times) <= 8, times
    assert len(queue.asked) <= 20  # a file of scripts for each of many parts would be one trip for each


async def test_few_rows_are_in_the_document_however_many_are_listed_and_the_last_is_reached_by_scrolling(
    queue: Queue,
) -> None:
    tasks, most = await queue.tasks(), 0
    await queue.page.mouse.move(500, 500)

    listed = 0
    while await queue.grown(listed):
        listed = await queue.length()
        await queue.page.mouse.wheel(0, 1_000_000)
        most = max(most, await queue.rows.count())
    await queue.page.mouse.wheel(0, 1_000_000)  # the last ones may have come after the wheel had turned

    assert tasks > 5_000
    await expect(queue.end).to_have_text(f"That is all: {tasks:,} tasks.")
    assert most <= MOST_ROWS
    last = queue.rows.last
    await expect(last).to_have_attribute("aria-rowindex", await queue.last_row())
    await expect(last).to_be_in_viewport()


async def test_the_last_row_is_reached_by_the_end_key(queue: Queue) -> None:
    await queue.rows.first.focus()

    listed = 0
    while await queue.grown(listed):
        listed = await queue.length()
        await queue.page.keyboard.press("End")
    await queue.page.keyboard.press("End")

    await expect(queue.rows.last).to_be_focused()
    await expect(queue.rows.last).to_have_attribute("aria-rowindex", await queue.last_row())


async def test_rows_are_asked_for_by_the_page_and_never_one_by_one(queue: Queue) -> None:
    queue.asked.clear()
    await queue.page.mouse.move(500, 500)

    listed = 0
    while await queue.grown(listed):
        listed = await queue.length()
        await queue.page.mouse.wheel(0, 1_000_000)

    times = Counter(queue.asked)
    assert 1 < times.pop("/api/v1/tasks") <= await queue.tasks() / PAGE + 3  # and a look at the order
    assert max(times.values(), default=0) <= 2, times


async def test_how_many_rows_there_are_is_told_before_all_of_them_are_loaded(queue: Queue) -> None:
    bands = await queue.page.request.get("/api/v1/tasks/counts?status=open")
    counts = await bands.json()
    headings = sum(each["count"] > 0 for each in counts["band"]["values"])

    assert int(await queue.last_row()) == counts["total"] + headings


async def test_what_stands_around_the_list_is_asked_for_once_when_nobody_types_any_more(queue: Queue) -> None:
    queue.asked.clear()
    field = queue.page.get_by_role("searchbox", name="Search tasks")
    tasks = await queue.tasks()
    queue.asked.clear()

    await field.press_sequentially("budget", delay=120)
    typed = Counter(queue.asked)
    await expect(queue.page.get_by_role("button", name="Open")).not_to_contain_text(f"{tasks:,}")

    assert typed["/api/v1/tasks"] > 1
    assert (typed["/api/v1/tasks/counts"], typed["/api/v1/items"]) == (0, 0)
    assert Counter(queue.asked)["/api/v1/tasks/counts"] == 1
