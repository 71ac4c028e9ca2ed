"""Fifty thousand open tasks in a browser: all of it works, and what it took is said at the end of the run.

Nothing here fails for being slow: that depends on the machine. `scripts/bench --only dashboard` measures with medians
and aims; a change that makes one of these several times as large shows here first.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.settings import PROJECT_ROOT
from scripts.benchmarks import filling
from tests.browser import thousands

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FILLED = 84_000
"""Three of five are open."""
METERS = (PROJECT_ROOT / "scripts" / "benchmarks" / "meters.js").read_text(encoding="utf-8")

Figure = Callable[[str], None]


@pytest.fixture
def fifty_thousand(sqlite_template: Path, tmp_path: Path) -> None:
    """The server finds them."""
    thousands.write(sqlite_template, tmp_path / "watchfloor.db", FILLED)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Says one at the end of the run: see `pytest_terminal_summary`."""
    return lambda words: record_property("figure", words)


async def drawn_after_key(page: Page, key: str, is_there: str, argument: object = None) -> float:
    """Press a key; milliseconds until what it does was drawn."""
    await page.evaluate(
        f"(argument) => {{ const isThere = {is_there};"
        " benchMeter.watched = benchMeter.drawn(() => isThere(argument)); }",
        argument,
    )
    await page.keyboard.press(key)
    return float(await page.evaluate("benchMeter.watched.then((at) => at - benchMeter.key)"))


async def test_a_queue_of_fifty_thousand_is_read_searched_and_worked_on(
    fifty_thousand: None, page: Page, figure: Figure
) -> None:
    await page.add_init_script(METERS)
    rows = page.locator("[data-task]")
    await page.goto("/")
    usable = await page.evaluate("benchMeter.usable")
    ready = await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    figure(f"50,000 tasks: DOM ready {ready:.0f} ms, queue usable {usable:.0f} ms")
    await expect(rows.nth(10)).to_be_visible()
    counted = (await (await page.request.get("/api/v1/tasks/counts?status=open")).json())["total"]
    assert counted > 50_000
    await expect(page.get_by_role("button", name="Open").first).to_contain_text(f"{counted:,}")

    await page.mouse.move(500, 500)
    await page.evaluate("benchMeter.reset()")
    while await page.evaluate("benchMeter.scroller().scrollTop") < 60 * 1_000:
        await page.mouse.wheel(0, 900)
    longest = await page.evaluate("Math.max(...benchMeter.frames)")
    figure(f"50,000 tasks: longest frame while scrolling 1,000 rows {longest:.0f} ms")
    assert await rows.count() <= 40

    await page.evaluate("benchMeter.scroller().scrollTop = 0")
    await rows.first.focus()
    await page.keyboard.press("j")
    task = await page.evaluate("Number(document.activeElement.dataset.task)")
    took = await drawn_after_key(page, "e", "(id) => !benchMeter.row(id)", task)
    figure(f"50,000 tasks: key to completed {took:.0f} ms")
    await expect(page.get_by_role("region", name="Notices")).to_contain_text("Completed")

    field = page.get_by_role("searchbox", name="Search tasks")
    await field.press_sequentially(filling.RARE[:-1], delay=40)
    found = """(words) => new URLSearchParams(location.search).get("q") === words
        && benchMeter.list()?.ariaBusy === "false" && document.querySelector("[data-task]")"""
    took = await drawn_after_key(page, filling.RARE[-1], found, filling.RARE)
    figure(f"50,000 tasks: last key of a search to its result {took:.0f} ms")
    await expect(rows.first).to_be_visible()
