"""Where the server has no access to accounts, what can be added says so once, and with what to do."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_accounts_lack_is_said_once_and_what_is_not_to_be_had_is_no_choice(page: Page) -> None:
    site = Site(page)
    await site.go("/integrations", "Integrations")
    await page.get_by_role("button", name="Add integration").click()

    await expect(site.dialog.get_by_text("COMPOSIO_API_KEY")).to_have_count(1)
    await expect(site.dialog.get_by_text("INTEGRATIONS_STUB_MODE")).to_have_count(1)
    await expect(site.dialog.get_by_role("button", name="Gmail")).to_be_disabled()
    await expect(site.dialog.get_by_role("button", name="Import a Slack export")).to_be_enabled()
