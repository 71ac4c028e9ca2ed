"""Links where something is in their way: another tab, an earlier use, a browser that keeps nothing; and what is said of
ways in.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect
from pydantic import SecretStr

from app.domains.identity.one_time import Purpose
from tests.browser import mailbox
from tests.browser.people import EMAIL, PASSWORD, add, sign_in
from tests.browser.site import Site
from tests.browser.test_sign_in import NEW_PASSWORD, arrived, fill, link_for

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REFUSED = "That did not sign you in"


async def paste(page: Page, link: str) -> None:
    """Into the address bar of a tab that stands there already: only what is behind the # changes, nothing is loaded."""
    await page.evaluate("link => { location.href = link }", link)


async def standing_at_the_form(page: Page) -> None:
    await page.goto("/sign-in")
    await expect(page.get_by_role("textbox", name="E-mail")).to_be_focused()


async def test_a_link_pasted_where_the_form_stands_signs_in(stranger: Page, served: FastAPI) -> None:
    token = await link_for(served, Purpose.SIGN_IN)
    await standing_at_the_form(stranger)

    await paste(stranger, f"/sign-in#token={token}")

    await arrived(stranger)
    await stranger.go_back()
    assert token not in stranger.url


async def test_a_link_to_set_a_password_pasted_there_asks_for_it(stranger: Page, served: FastAPI) -> None:
    token = await link_for(served, Purpose.PASSWORD)
    await standing_at_the_form(stranger)
    await fill(stranger, password="one that was forgotten")
    await expect(stranger.get_by_role("alert")).to_be_visible()

    await paste(stranger, f"/sign-in#reset={token}")

    await expect(stranger.get_by_role("heading", name="Set a new password")).to_be_visible()
    await expect(stranger.get_by_role("alert")).to_have_count(0)
    assert token not in stranger.url
    await stranger.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    await stranger.get_by_role("button", name="Set the password").click()
    await expect(stranger.get_by_text("Your new password is set")).to_be_visible()
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_have_value(EMAIL)
    await expect(stranger.get_by_label("Password", exact=True)).to_have_value("")


async def test_the_second_link_counts_where_the_first_was_used(stranger: Page, served: FastAPI) -> None:
    token = await link_for(served, Purpose.SIGN_IN)
    await stranger.goto("/sign-in#token=used-long-ago")
    await expect(stranger.get_by_role("alert")).to_contain_text(REFUSED)

    await paste(stranger, f"/sign-in#token={token}")

    await arrived(stranger)


async def test_a_used_link_in_a_browser_that_is_signed_in_leads_on(page: Page) -> None:
    await page.goto("/sign-in#token=used-long-ago")

    await expect(page.get_by_role("alert")).to_contain_text("This link is not good any more")
    await expect(page.get_by_text(f"You are signed in as {EMAIL}")).to_be_visible()
    await expect(page.get_by_role("link", name="Go on")).to_be_focused()
    await page.keyboard.press("Enter")
    await arrived(page)


async def test_what_is_refused_has_a_headline_for_people_and_no_number_of_the_log(
    stranger: Page, served: FastAPI
) -> None:
    await add(served, password=PASSWORD)
    alert = stranger.get_by_role("alert")

    await stranger.goto("/sign-in#token=used-long-ago")
    await expect(alert).to_contain_text(REFUSED)
    await expect(alert).not_to_contain_text("In the log")

    await fill(stranger, password="another one altogether")
    await expect(alert).to_contain_text("don't belong together")
    await expect(alert).to_contain_text(REFUSED)
    await expect(alert).not_to_contain_text("In the log")

    await paste(stranger, "/sign-in#reset=used-long-ago")
    await stranger.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    await stranger.get_by_role("button", name="Set the password").click()
    await expect(alert).to_contain_text("The password is not set")


@pytest.mark.parametrize("changed", [{"public_url": "https://watchfloor.test"}])
async def test_a_browser_that_drops_the_cookie_is_told_why(browser: Browser, served: FastAPI, address: str) -> None:
    await add(served, password=PASSWORD)
    # A name that is not this machine's own: there a browser keeps no Secure cookie that comes over http.
    context = await browser.new_context(base_url=f"http://watchfloor.test:{urlsplit(address).port}")
    page = await context.new_page()
    await page.goto("/sign-in")

    await fill(page)

    await expect(page.get_by_role("alert")).to_contain_text("Your browser did not keep the sign-in")
    await expect(page.get_by_role("alert")).to_contain_text("needs https")
    await context.close()


async def test_on_this_machine_the_way_in_without_a_password_is_open(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in")

    await expect(stranger.get_by_text(".venv/bin/watchfloor users link", exact=True)).to_be_visible()


PRODUCTION = {"environment": "production", "secret_key": SecretStr("k" * 43)}


@pytest.mark.parametrize("changed", [{"listen_host": "192.0.2.7"}, PRODUCTION])
async def test_elsewhere_nobody_is_sent_to_a_terminal_they_do_not_have(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in")
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_focused()

    await expect(stranger.get_by_text("An admin can give you a link")).to_be_hidden()
    await stranger.get_by_text("No way in?").click()

    await expect(stranger.get_by_text("An admin can give you a link")).to_be_visible()
    await expect(stranger.get_by_text("On this machine")).to_be_hidden()


async def test_what_is_imported_only_for_oneself_is_marked(page: Page, served: FastAPI, tmp_path: Path) -> None:
    site = Site(page)
    await site.visit()

    await site.bring(mailbox.write(tmp_path / "mine.mbox", datetime.now(UTC)), only_me=True)

    await expect(site.tasks.first).to_contain_text("private")
    await site.whole("/integrations")
    await expect(page.get_by_role("main").get_by_text(re.compile("^private", re.IGNORECASE)).first).to_be_visible()
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_label("Only for me")).not_to_be_checked()
    await page.context.clear_cookies()
    await sign_in(page, served, email="ben@workshop.example")
    await site.visit()
    await expect(page.get_by_role("heading", name="Bring in your work")).to_be_visible()
