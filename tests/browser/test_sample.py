"""The sample data on the page: a banner says what it is, each row bears a mark, one button clears it, another brings it
back."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def banner(page: Page) -> Locator:
    return page.get_by_role("region", name="Sample data")


async def loaded(page: Page) -> Site:
    """The page with the sample in its queue, brought there as a first user does it."""
    site = Site(page)
    await site.go("/", "Queue")
    await page.get_by_role("button", name="Load the sample").click()
    await expect(banner(page)).to_be_visible(timeout=40_000)
    await expect(site.tasks.first).to_be_visible()
    return site


async def test_without_anything_the_page_offers_three_ways_to_begin(page: Page) -> None:
    await Site(page).go("/", "Queue")

    ways = page.get_by_role("region", name="Bring in your work")
    await expect(ways.get_by_role("heading", level=3)).to_have_text(
        ["Connect an account", "Import files", "Look around first"]
    )
    await expect(banner(page)).to_have_count(0)
    await ways.get_by_role("link", name="Connect…").click()
    await expect(page.get_by_role("dialog", name="Add an integration")).to_be_visible()


async def test_a_banner_and_a_mark_on_each_row_say_that_it_is_a_sample(page: Page) -> None:
    site = await loaded(page)

    await expect(banner(page)).to_contain_text("Sample data: an invented company")
    rows = await site.tasks.count()
    assert rows > 0
    await expect(site.tasks.filter(has=page.get_by_text("Sample", exact=True))).to_have_count(rows)
    await banner(page).get_by_role("button", name="Import your own").click()
    await expect(page.get_by_role("dialog", name="Import files")).to_be_visible()


async def test_it_is_cleared_by_somebody_who_means_it_and_brought_back(page: Page) -> None:
    site = await loaded(page)
    clear = page.get_by_role("dialog", name="Clear the sample data?")

    await banner(page).get_by_role("button", name="Clear the sample data").click()
    await clear.get_by_role("button", name="Keep it").click()
    await expect(clear).to_have_count(0)
    await expect(site.tasks.first).to_be_visible()

    await banner(page).get_by_role("button", name="Clear the sample data").click()
    await clear.get_by_role("button", name="Clear it").click()
    await expect(banner(page)).to_contain_text("The sample data is gone.", timeout=40_000)
    await expect(page.get_by_role("region", name="Bring in your work")).to_be_visible()
    assert (await site.api("/integrations"))["items"] == []

    await banner(page).get_by_role("button", name="Bring it back").click()
    await expect(banner(page)).to_contain_text("an invented company", timeout=40_000)
    await expect(site.tasks.first).to_be_visible()
