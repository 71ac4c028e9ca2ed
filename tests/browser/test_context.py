"""Search also finds what is no task, and makes a task of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser import office
from tests.browser.site import Site
from tests.browser.test_access import FAULTS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def found(site: Site) -> Locator:
    return site.page.get_by_role("region", name="In messages and pages that are no tasks")


async def test_the_report_says_how_much_asked_for_nothing(page: Page, tmp_path: Path) -> None:
    site = Site(page)
    await site.visit()

    await site.bring(office.workspace(tmp_path, datetime.now(UTC)))

    await expect(page.locator(".import")).to_contain_text("1 line or page asked for nothing")


async def test_what_asks_for_nothing_is_found_with_its_place_and_the_words_marked(full_site: Site) -> None:
    await expect(found(full_site)).to_have_count(0)
    await full_site.page.get_by_role("searchbox").fill("coffee")

    hit = found(full_site).locator(".hit")
    await expect(hit).to_have_count(1)
    await expect(hit).to_contain_text("Ada")
    await expect(hit).to_contain_text("in #general")
    await expect(hit.locator("mark")).to_have_text(["coffee"])
    await expect(full_site.page.get_by_text("No task matches «coffee»")).to_be_visible()


async def test_by_keyboard_it_becomes_a_task_and_that_is_undone(full_site: Site) -> None:
    await full_site.page.keyboard.press("/")
    await full_site.page.keyboard.type("coffee")
    await found(full_site).get_by_role("button", name="Make it a task").focus()

    await full_site.page.keyboard.press("Enter")
    await expect(full_site.task(office.PLAIN).locator(".open")).to_be_focused()
    await expect(full_site.task(office.PLAIN).get_by_role("region", name="Why")).to_be_visible()
    await expect(found(full_site)).to_have_count(0)

    await full_site.page.keyboard.press("u")
    await expect(full_site.tasks).to_have_count(0)
    await expect(found(full_site).locator(".hit")).to_have_count(1)


async def test_without_an_answer_it_says_so_and_retry_works(full_site: Site) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    await full_site.page.route("**/api/v1/items?*", away)
    await full_site.page.get_by_role("searchbox").fill("coffee")
    await expect(found(full_site).get_by_role("alert")).to_contain_text("The server does not answer")

    await full_site.page.unroute("**/api/v1/items?*")
    await found(full_site).get_by_role("button", name="Retry").click()
    await expect(found(full_site).locator(".hit")).to_have_count(1)


async def test_on_a_phone_what_is_found_fits_and_has_a_name(full_site: Site) -> None:
    await full_site.page.set_viewport_size({"width": 380, "height": 740})
    await full_site.page.get_by_role("searchbox").fill("coffee")
    await expect(found(full_site).locator("mark")).to_be_visible()

    assert await full_site.width() == 380
    assert await full_site.page.evaluate(FAULTS) == []
