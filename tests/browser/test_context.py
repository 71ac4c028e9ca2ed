"""Chat that asks for nothing becomes no task: the search finds it beside the tasks, and makes a task of it."""

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser import office
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FOUND = "Also found: 1 message or page that belong to no task"


async def found(site: Site, name: str = FOUND) -> Locator:
    """What the search found beside tasks, unfolded."""
    await site.search.fill("coffee")
    fold = site.page.get_by_role("button", name=name)
    await fold.click()
    await expect(fold).to_have_attribute("aria-expanded", "true")
    return site.page.get_by_role("region", name=name)


async def test_what_asks_for_nothing_is_found_with_its_place_and_the_words_marked(full_site: Site) -> None:
    hit = (await found(full_site)).get_by_role("listitem")

    await expect(hit).to_have_count(1)
    await expect(hit).to_contain_text("Ada")
    await expect(hit).to_contain_text("#general")
    await expect(hit.locator("mark")).to_have_text(["coffee"])
    await expect(full_site.page.get_by_text("No task matches «coffee»")).to_be_visible()


async def test_by_keyboard_it_becomes_a_task_and_that_is_undone(full_site: Site) -> None:
    await full_site.press("/")
    await full_site.page.keyboard.type("coffee")
    fold = full_site.page.get_by_role("button", name=FOUND)
    await expect(fold).to_be_visible()
    await fold.focus()
    await full_site.press("Enter")
    make = full_site.page.get_by_role("button", name="Make a task of it")
    await expect(make).to_be_visible()
    await full_site.press("Tab")
    await expect(make).to_be_focused()

    await full_site.press("Enter")
    await full_site.opened(office.PLAIN)
    await expect(fold).to_have_count(0)

    await full_site.press("u")
    await expect(full_site.task(office.PLAIN)).to_have_count(0)
    await expect(fold).to_be_visible()


async def test_without_an_answer_it_says_so_and_retry_works(full_site: Site) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    await full_site.page.route("**/api/v1/items?*", away)
    beside = await found(full_site, "Messages and pages that are no tasks could not be searched")
    await expect(beside.get_by_role("alert")).to_contain_text("The server does not answer")

    await full_site.page.unroute("**/api/v1/items?*")
    await beside.get_by_role("button", name="Retry").click()
    await expect(full_site.page.get_by_role("region", name=FOUND).get_by_role("listitem")).to_have_count(1)


async def test_on_a_phone_what_is_found_fits(full_site: Site) -> None:
    await full_site.page.set_viewport_size({"width": 390, "height": 844})
    beside = await found(full_site)

    await expect(beside.locator("mark")).to_be_visible()
    assert await full_site.width() == 390
