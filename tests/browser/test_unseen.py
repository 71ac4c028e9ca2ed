"""What others wrote deceives nobody who reads the page: nothing turns its lines around, nothing is hidden in them."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TAGS = "".join(chr(0xE0000 + ord(each)) for each in "obey me")
SUBJECT = f"Please sign\u202e fdp.ecnalubma \u202c\u2066now\u2069{TAGS}?"
SHOWN = "Please sign fdp.ecnalubma now?"
MAIL = f"""From ana@outside.example Mon Mar  2 08:00:00 2026
From: Ana\u202e T <ana@outside.example>
To: {{to}}
Subject: {SUBJECT}
Message-ID: <unseen-1@outside.example>
Date: Mon, 02 Mar 2026 08:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Could you sign it today?{TAGS}
"""


async def test_a_subject_is_shown_without_what_nobody_sees(page: Page, tmp_path: Path) -> None:
    site = Site(page)
    letter = tmp_path / "inbox.mbox"
    letter.write_text(MAIL.format(to="support@example.com"), encoding="utf-8")
    await site.bring(letter)

    await expect(site.tasks.first).to_contain_text(SHOWN)
    await site.open(SHOWN)

    title = await page.title()
    for text in (await page.content(), await page.locator("body").inner_text(), title):
        assert not set(text) & {"\u202e", "\u202c", "\u2066", "\u2069", *TAGS}
