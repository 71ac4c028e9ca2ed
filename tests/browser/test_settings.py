"""The settings: what is one's own, and who sees which part."""

import re

import pyotp
import pytest
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Locator, Page, expect

from app.domains.identity.rules import Role
from tests.browser.people import EMAIL, PASSWORD, add, sign_in
from tests.browser.site import Site
from tests.browser.test_sign_in import NEW_PASSWORD, arrived, fill

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BEN = "ben@workshop.example"


async def opened(page: Page, part: str = "") -> Site:
    site = Site(page)
    await site.whole(f"/settings/{part}" if part else "/settings")
    return site


def subject(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def row(page: Page, table: str, words: str) -> Locator:
    return page.get_by_role("table", name=table).get_by_role("row").filter(has_text=words)


async def confirm(page: Page, act: str) -> None:
    """Says yes to what was asked, and waits until it is done."""
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=act, exact=True).click()
    await expect(dialog).to_have_count(0)


# One's own account


async def test_a_name_is_saved_and_stands_beside_what_one_does(page: Page) -> None:
    await opened(page)
    mine = subject(page, "Who you are")
    await expect(mine).to_contain_text(EMAIL)
    await expect(mine).to_contain_text("admin")
    await expect(mine.get_by_role("button", name="Save")).to_be_disabled()

    await mine.get_by_role("textbox", name="Name").fill("Ana Ruiz")
    await mine.get_by_role("button", name="Save").click()

    await expect(page.get_by_role("button", name="Account of Ana Ruiz")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="Your name is saved")).to_have_count(1)
    await opened(page)
    await expect(mine.get_by_role("textbox", name="Name")).to_have_value("Ana Ruiz")


async def test_a_password_is_changed_by_who_knows_the_present_one_and_ends_all_other_sessions(
    page: Page, served: FastAPI, elsewhere: BrowserContext
) -> None:
    await add(served, password=PASSWORD)
    await sign_in(page, served)
    other = await elsewhere.new_page()
    await sign_in(other, served)
    await opened(page)
    mine = subject(page, "Password")

    await mine.get_by_label("Present password").fill("another one altogether")
    await mine.get_by_label("New password").fill(NEW_PASSWORD)
    await mine.get_by_role("button", name="Change the password").click()
    await expect(mine.get_by_role("alert")).to_be_visible()
    await mine.get_by_label("Present password").fill(PASSWORD)
    await mine.get_by_role("button", name="Change the password").click()

    await expect(mine.get_by_role("status")).to_contain_text("Your new password is set")
    await expect(mine.get_by_role("alert")).to_have_count(0)
    await expect(mine.get_by_label("Present password")).to_have_value("")
    await other.goto("/")
    await fill(other, password=NEW_PASSWORD)
    await arrived(other)


async def test_a_second_factor_is_set_up_with_an_app_asked_for_and_switched_off(
    page: Page, served: FastAPI, elsewhere: BrowserContext
) -> None:
    await add(served, password=PASSWORD)
    await sign_in(page, served)
    await opened(page)
    mine = subject(page, "Second factor")

    await mine.get_by_label("Your password").fill(PASSWORD)
    await mine.get_by_role("button", name="Set it up").click()
    shown = (await mine.locator("pre").inner_text()).replace(" ", "")
    assert f"secret={shown}" in (await mine.get_by_role("link", name="open it in the app").get_attribute("href") or "")
    code = mine.get_by_role("textbox", name="The code that the app shows now")
    await code.fill("000000")
    await mine.get_by_role("button", name="Switch it on").click()
    await expect(mine.get_by_role("alert").filter(has_text="code")).to_be_visible()
    await code.fill(pyotp.TOTP(shown).now())
    await mine.get_by_role("button", name="Switch it on").click()

    await expect(mine).to_contain_text("Recovery codes")
    recovery = (await mine.locator("pre").inner_text()).split()
    assert len(recovery) == 10
    await mine.get_by_role("button", name="I have kept it").click()
    await expect(mine).to_contain_text("It is on")
    assert recovery[0] not in await page.content()

    other = await elsewhere.new_page()
    await other.goto("/sign-in")
    await fill(other)
    await other.get_by_role("textbox", name="Code").fill(recovery[0])
    await other.keyboard.press("Enter")
    await arrived(other)

    await mine.get_by_label("Your password").fill(PASSWORD)
    await mine.get_by_role("button", name="Switch it off").click()
    await expect(mine).to_contain_text("It is off")
    await other.context.clear_cookies()
    await other.goto("/sign-in")
    await fill(other)
    await arrived(other)


async def test_one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(
    page: Page, served: FastAPI, elsewhere: BrowserContext
) -> None:
    other = await elsewhere.new_page()
    await sign_in(other, served)
    await opened(page)
    mine = subject(page, "Where you are signed in")
    await expect(mine.get_by_role("row").filter(has_text="this one")).to_have_count(1)

    await mine.get_by_role("button", name=re.compile("^End the session")).click()

    await expect(mine).to_contain_text("You are signed in nowhere else")
    await other.goto("/")
    await expect(other).to_have_url(re.compile("/sign-in"))


# Who may see what


async def test_a_viewer_sees_only_what_is_theirs(stranger: Page, served: FastAPI) -> None:
    await sign_in(stranger, served, Role.VIEWER, email=BEN)
    await opened(stranger)

    await expect(subject(stranger, "Who you are")).to_contain_text("viewer")
    parts = stranger.get_by_role("navigation", name="Parts of the settings").get_by_role("link")
    await expect(parts).to_have_text(["Account", "API keys"])
    for part in ("team", "audit"):
        await opened(stranger, part)
        await expect(stranger.get_by_text("This is not for your role")).to_be_visible()
        await expect(stranger.get_by_role("table")).to_have_count(0)


async def test_an_operator_has_keys_and_no_team(stranger: Page, served: FastAPI) -> None:
    await sign_in(stranger, served, Role.OPERATOR, email=BEN)
    await opened(stranger)

    parts = stranger.get_by_role("navigation", name="Parts of the settings").get_by_role("link")
    await expect(parts).to_have_text(["Account", "API keys"])


async def test_a_part_that_does_not_exist_is_said(page: Page) -> None:
    await opened(page, "nothing-of-the-kind")

    await expect(page.get_by_text("The settings have no such part")).to_be_visible()
