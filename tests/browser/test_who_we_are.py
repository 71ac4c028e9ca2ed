"""Where nobody said which addresses are ours, the queue asks, as long as that is not put away."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def changed() -> dict[str, Any]:
    return {"our_addresses": ()}


async def test_after_the_first_import_the_queue_asks_which_addresses_are_ours(page: Page, letters: Path) -> None:
    site = Site(page)
    await site.go("/", "Queue")
    note = page.get_by_role("region", name="Who we are")
    await expect(note).to_have_count(0)
    await site.bring(letters)

    await note.get_by_role("link", name="Mark them under People as one of us").click()

    await expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
    await site.visit()
    await note.get_by_role("button", name="Don't ask again").click()
    await expect(note).to_have_count(0)
    await site.visit()
    await expect(site.tasks.first).to_be_visible()
    await expect(note).to_have_count(0)
