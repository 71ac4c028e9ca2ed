"""The sample data on the page: a banner says what it is, each row bears a mark, and one button clears it."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def loaded(page: Page) -> Site:
    """The page with the sample in its queue."""
    site = Site(page)
    await site.api("/sample", "POST")
    await site.visit()
    await expect(page.locator(".equation").first).to_be_visible(timeout=20_000)
    await site.visit()
    await expect(site.tasks.first).to_be_visible()
    return site


async def test_a_banner_and_a_mark_on_each_row_say_that_it_is_a_sample(page: Page) -> None:
    site = await loaded(page)

    banner = page.get_by_role("region", name="Sample data")
    await expect(banner).to_contain_text("Sample data: an invented company")
    await expect(site.tasks.locator(".sample")).to_have_count(await site.tasks.count())
    async with page.expect_file_chooser():
        await banner.get_by_role("button", name="Import your own").click()


async def test_it_is_cleared_only_by_somebody_who_means_it(page: Page) -> None:
    site = await loaded(page)
    banner = page.get_by_role("region", name="Sample data")

    await banner.get_by_role("button", name="Clear it").click()
    await page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    await expect(banner).to_be_visible()
    await expect(site.tasks.first).to_be_visible()

    await banner.get_by_role("button", name="Clear it").click()
    await page.get_by_role("dialog").get_by_role("button", name="Clear it").click()

    await expect(banner).to_be_hidden()
    await expect(page.get_by_text("Nothing here yet: import what you have")).to_be_visible()
    assert (await site.api("/integrations"))["items"] == []


async def test_without_a_sample_there_is_no_banner(page: Page) -> None:
    await Site(page).visit()

    await expect(page.get_by_role("region", name="Sample data")).to_be_hidden()
