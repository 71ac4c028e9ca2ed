"""The watch: how each part stands and why, how it went, and what runs."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_whole_and_each_part_say_their_level_and_why(filled: None, page: Page) -> None:
    site = Site(page)
    await site.go("/watch", "Watch")
    status = await (await page.request.get("/status")).json()

    whole = page.get_by_role("region", name="The whole")
    await expect(whole).to_contain_text(status["reason"])
    parts = page.get_by_role("table", name="Parts and their levels")
    await expect(parts.get_by_role("row")).to_have_count(len(status["dependencies"]) + 1)
    database = parts.get_by_role("row").filter(has_text="where everything is stored")
    reason = next(each["reason"] for each in status["dependencies"] if each["kind"] == "database")
    await expect(database).to_contain_text(reason)
    await expect(page.get_by_role("table", name="Processes that carry out jobs").get_by_role("row")).to_have_count(2)


async def test_trends_are_drawn_said_in_a_sentence_and_stand_in_a_table(filled: None, page: Page) -> None:
    site = Site(page)
    await site.go("/watch/trends", "Watch")
    today = (await site.api("/trends?days=7&tz=America/New_York"))["days"][-1]

    size = page.get_by_role("region", name="Open tasks")
    await expect(size.get_by_role("img")).to_have_accessible_name(re.compile(rf"\b{today['open']}\b"))
    await expect(size.locator("canvas")).to_be_visible()
    await size.get_by_text("Show the numbers").click()
    numbers = size.get_by_role("table")
    await expect(numbers.get_by_role("row")).to_have_count(15)
    await expect(numbers.get_by_role("row").nth(1)).to_contain_text(str(today["open"]))

    await page.get_by_role("radiogroup", name="How far back").get_by_text("7 days").click()
    await expect(numbers.get_by_role("row")).to_have_count(8)
    await expect(page.get_by_role("table", name="How each integration went").get_by_role("row")).to_have_count(2)


async def test_a_run_that_goes_on_is_seen_until_it_ends_with_its_report(page: Page, letters: Path) -> None:
    site = Site(page)
    let_go = asyncio.Event()

    async def held(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        going = {"state": "running", "finished_at": None}
        if not let_go.is_set():
            body = body | going if "items" not in body else body | {"items": [run | going for run in body["items"]]}
        await route.fulfill(response=answer, json=body)

    await page.route(re.compile("/api/v1/sync/runs"), held)
    await site.choose(letters)
    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Watch").click()
    await page.get_by_role("link", name="Runs", exact=True).click()
    table = page.get_by_role("table", name="Runs, newest first")
    await expect(table.get_by_role("row").nth(1)).to_contain_text("Running", timeout=20_000)
    await expect(table.get_by_role("progressbar")).to_be_visible()

    let_go.set()
    await expect(table.get_by_role("row").nth(1)).to_contain_text("10 new", timeout=20_000)
    await table.get_by_role("button", name=re.compile("^Report on run")).click()
    await expect(table).to_contain_text("10 read = 10 new + 0 updated + 0 unchanged + 0 refused")


async def test_nothing_is_said_where_nothing_was_yet(page: Page) -> None:
    site = Site(page)
    await site.go("/watch/runs", "Watch")
    await expect(page.get_by_role("heading", name="Nothing was pulled or imported yet")).to_be_visible()

    await site.go("/watch/trends", "Watch")
    await expect(page.get_by_role("heading", name="No task was here yet")).to_be_visible()


async def test_on_a_phone_each_part_fits(filled: None, page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    site = Site(page)
    for part in ("", "/trends", "/runs"):
        await site.go(f"/watch{part}", "Watch")
        await expect(page.get_by_role("table").first).to_be_attached()
        await site.settled()
        assert await site.width() == 390
