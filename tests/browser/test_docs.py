"""/docs in a browser: Swagger UI from this server alone. The page fixture refuses requests to any other host."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def scrolled_to(page: Page, wanted: Locator) -> None:
    """Swagger UI draws an operation only when it comes into view."""
    for _ in range(60):
        if await wanted.count():
            return
        await page.mouse.wheel(0, 1_500)
        await page.wait_for_timeout(100)
    await expect(wanted).to_be_attached()


async def test_the_documentation_shows_the_operations_and_one_can_be_tried(page: Page) -> None:
    await page.goto("/docs")

    await expect(page).to_have_title("Watchfloor API")
    await expect(page.locator(".opblock-tag").first).to_be_visible()
    health = page.locator(".opblock", has=page.get_by_text("/health", exact=True))
    await scrolled_to(page, health)
    await health.locator(".opblock-summary-control").click()
    await health.get_by_role("button", name="Execute").click()
    await expect(health.locator(".live-responses-table .response-col_status").last).to_have_text(re.compile("^200"))


async def test_the_documentation_follows_the_readers_colours(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.goto("/docs")
    await expect(page.locator(".opblock").first).to_be_visible()
    await expect(page.locator("body")).to_have_css("background-color", "rgb(28, 32, 34)")

    await page.emulate_media(color_scheme="light")

    await expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
