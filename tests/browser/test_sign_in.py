"""Signing in on the page: by password and code, by a link, with a keyboard, on a phone; and what goes wrong."""

import re
from datetime import timedelta
from typing import Literal

import pyotp
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, expect

from app.core.clock import utc_now
from app.domains.identity import one_time, totp, users
from app.domains.identity.one_time import Purpose
from tests.browser import axe
from tests.browser.people import EMAIL, PASSWORD, add
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW_PASSWORD = "seven gulls over the pier"


async def fill(page: Page, email: str = EMAIL, password: str = PASSWORD) -> None:
    await page.get_by_role("textbox", name="E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def link_for(app: FastAPI, purpose: Purpose) -> str:
    """A token that is good once."""
    user = await add(app)
    async with app.state.database.writing() as session:
        good_for = timedelta(minutes=15)
        return await one_time.issue(session, purpose, now=utc_now(), good_for=good_for, user_id=user.id)


async def arrived(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    await Site(page).settled()


async def test_who_is_not_signed_in_is_asked_first_and_comes_to_where_they_wanted_to_go(
    stranger: Page, served: FastAPI, filled: None
) -> None:
    await add(served, password=PASSWORD)

    await stranger.goto("/?status=not_for_us")
    await expect(stranger).to_have_url(re.compile("/sign-in"))
    await fill(stranger)

    await arrived(stranger)
    await expect(stranger).to_have_url(re.compile(r"/\?status=not_for_us$"))
    await expect(stranger.get_by_role("button", name=f"Account of {EMAIL}")).to_be_visible()


async def test_a_wrong_password_is_said_and_the_right_one_still_counts(stranger: Page, served: FastAPI) -> None:
    await add(served, password=PASSWORD)
    await stranger.goto("/sign-in")

    await fill(stranger, password="another one altogether")
    await expect(stranger.get_by_role("alert")).to_contain_text("don't belong together")
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_have_value(EMAIL)
    await expect(stranger.get_by_label("Password", exact=True)).to_be_focused()

    await fill(stranger)
    await arrived(stranger)


async def test_the_keyboard_alone_is_enough(stranger: Page, served: FastAPI) -> None:
    await add(served, password=PASSWORD)
    await stranger.goto("/sign-in")
    keyboard = stranger.keyboard

    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_focused()
    await keyboard.type(EMAIL)
    await keyboard.press("Tab")
    await keyboard.press("Tab")  # past «Show»
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")

    await arrived(stranger)


async def test_a_code_is_asked_for_where_the_account_has_one(stranger: Page, served: FastAPI) -> None:
    user = await add(served, password=PASSWORD)
    secret = totp.new_secret()
    async with served.state.database.writing() as session:
        known = await users.get(session, user.id)
        totp.propose(known, served.state.vault.encrypt(secret, totp.PURPOSE), now=utc_now())
        totp.confirm(session, known, now=utc_now())
    await stranger.goto("/sign-in")

    await fill(stranger)
    code = stranger.get_by_role("textbox", name="Code")
    await expect(code).to_be_focused()
    await expect(stranger.get_by_text(f"The account {EMAIL} asks for a code")).to_be_visible()
    await expect(code).to_have_attribute("autocomplete", "one-time-code")
    await code.fill("000000")
    await code.press("Enter")
    await expect(stranger.get_by_role("alert")).to_contain_text("This code is not right")
    await code.fill(pyotp.TOTP(secret).now())
    await code.press("Enter")

    await arrived(stranger)


async def test_another_account_can_be_chosen_instead_of_a_code(stranger: Page, served: FastAPI) -> None:
    user = await add(served, password=PASSWORD)
    async with served.state.database.writing() as session:
        known = await users.get(session, user.id)
        totp.propose(known, served.state.vault.encrypt(totp.new_secret(), totp.PURPOSE), now=utc_now())
        totp.confirm(session, known, now=utc_now())
    await stranger.goto("/sign-in")
    await fill(stranger)

    await stranger.get_by_role("button", name="Another account").click()

    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_focused()
    await expect(stranger.get_by_role("textbox", name="Code")).to_be_hidden()


async def test_a_link_signs_in_once_and_leaves_nothing_in_the_address(stranger: Page, served: FastAPI) -> None:
    token = await link_for(served, Purpose.SIGN_IN)
    seen: list[str] = []
    stranger.on("framenavigated", lambda frame: seen.append(frame.url))

    await stranger.goto(f"/sign-in#token={token}")
    await arrived(stranger)
    await expect(stranger).to_have_url(re.compile(r"/$"))
    await stranger.go_back()
    assert token not in stranger.url

    await stranger.context.clear_cookies()
    await stranger.goto("about:blank")
    await stranger.goto(f"/sign-in#token={token}")
    await expect(stranger.get_by_role("alert")).to_be_visible()
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_visible()
    assert token not in stranger.url


async def test_a_new_password_is_set_by_a_link(stranger: Page, served: FastAPI) -> None:
    token = await link_for(served, Purpose.PASSWORD)

    await stranger.goto(f"/sign-in#reset={token}")
    field = stranger.get_by_role("textbox", name="New password")
    await expect(field).to_have_attribute("autocomplete", "new-password")
    assert token not in stranger.url
    await field.fill("short")
    await stranger.get_by_role("button", name="Set the password").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("at least")
    await field.fill(NEW_PASSWORD)
    await stranger.get_by_role("button", name="Set the password").click()

    await expect(stranger.get_by_text("Your new password is set")).to_be_visible()
    await fill(stranger, password=NEW_PASSWORD)
    await arrived(stranger)


MAIL = {"mail_host": "127.0.0.1", "mail_from": "watchfloor@workshop.example", "mail_security": "none"}


@pytest.mark.parametrize("changed", [MAIL])
async def test_a_forgotten_password_is_set_anew_by_a_link_from_a_mail(stranger: Page, served: FastAPI) -> None:
    await add(served, password=PASSWORD)
    await stranger.goto("/sign-in")
    await stranger.get_by_role("textbox", name="E-mail").fill(EMAIL)

    await stranger.get_by_role("button", name="Forgot your password?").click()
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_have_value(EMAIL)
    await stranger.get_by_role("button", name="Send the link").click()

    await expect(stranger.get_by_text("a link is on its way")).to_be_visible()
    await expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_without_a_mail_server_nobody_is_promised_a_mail(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in")

    await expect(stranger.get_by_text("watchfloor users link EMAIL --reset")).to_be_visible()
    await expect(stranger.get_by_role("button", name="Forgot your password?")).to_be_hidden()


PROVIDER = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "watchfloor", "oidc_name": "Harbour ID"}


@pytest.mark.parametrize("changed", [PROVIDER])
async def test_a_provider_has_a_button_and_one_that_is_away_is_told_in_words(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in")

    await stranger.get_by_role("link", name="Sign in with Harbour ID").click()

    await expect(stranger.get_by_role("alert")).to_contain_text("Harbour ID does not answer", timeout=30_000)
    await expect(stranger).to_have_url(re.compile("/sign-in$"))


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/.//evil.example", "javascript:alert(1)", "http:"],
)
async def test_nobody_is_led_away_from_here(stranger: Page, served: FastAPI, address: str, wanted: str) -> None:
    await add(served, password=PASSWORD)
    await stranger.goto("/sign-in")
    await stranger.evaluate("wanted => location.assign('/sign-in?' + new URLSearchParams({ next: wanted }))", wanted)
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_focused()

    await fill(stranger)

    await stranger.wait_for_url(lambda url: "/sign-in" not in url)
    assert stranger.url.startswith(f"{address}/")


async def test_who_tries_too_often_sees_how_long_to_wait(stranger: Page, served: FastAPI) -> None:
    served.state.settings.sign_in_free_failures = 1
    served.state.settings.sign_in_delay_s = 2
    await add(served, password=PASSWORD)
    await stranger.goto("/sign-in")
    submit = stranger.locator("#sign-in button[type=submit]")

    for _ in range(3):
        await fill(stranger, password="another one altogether")
        await expect(stranger.get_by_role("alert")).to_be_visible()
        if await submit.is_disabled():
            break

    await expect(submit).to_be_disabled()
    await expect(submit).to_have_text(re.compile(r"^Wait \d+ s$"))
    assert not re.search(r"\d", await stranger.get_by_role("alert").inner_text()), "one number is enough"
    await expect(submit).to_be_enabled(timeout=15_000)
    await expect(stranger.get_by_role("alert")).to_have_count(0)
    await fill(stranger)
    await arrived(stranger)


async def test_what_went_wrong_elsewhere_is_said_in_words(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in?error=something")

    await expect(stranger.get_by_role("alert")).to_contain_text("did not sign you in")
    assert "error" not in stranger.url


async def test_a_password_can_be_looked_at_while_it_is_typed(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in")
    field = stranger.locator("#password")
    await expect(field).to_have_attribute("autocomplete", "current-password")

    await stranger.get_by_role("button", name="Show").click()
    await expect(field).to_have_attribute("type", "text")
    await stranger.get_by_role("button", name="Hide").click()
    await expect(field).to_have_attribute("type", "password")


async def test_a_phone_needs_no_horizontal_scrolling(stranger: Page, address: str) -> None:
    await stranger.set_viewport_size({"width": 320, "height": 640})
    await stranger.goto("/sign-in?error=something")
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_visible()

    assert await stranger.evaluate("document.documentElement.scrollWidth") == 320
    sizes = await stranger.evaluate(
        "[...document.querySelectorAll('input')].filter(n => n.checkVisibility())"
        ".map(n => parseFloat(getComputedStyle(n).fontSize))"
    )
    assert min(sizes) >= 16, "a phone zooms into smaller fields"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_of_it_can_be_read_and_has_a_name(
    stranger: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    await stranger.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await stranger.goto("/sign-in?error=something")
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_visible()
    await expect(stranger.get_by_role("alert")).to_be_visible()
    await expect(stranger.locator("#no-way p").last).to_be_visible()

    await axe.assert_none(stranger)


async def test_without_javascript_the_page_says_so_and_takes_no_password(browser: Browser, address: str) -> None:
    context = await browser.new_context(base_url=address, java_script_enabled=False)
    page = await context.new_page()

    await page.goto("/sign-in")

    await expect(page.locator("noscript")).to_be_visible()  # its text is none that Playwright would find
    await expect(page.locator("noscript")).to_contain_text("This page needs JavaScript", use_inner_text=True)
    await expect(page.locator("input")).to_have_count(0)
    await context.close()


async def test_who_is_signed_in_already_may_go_on(page: Page, served: FastAPI) -> None:
    await page.goto("/sign-in")

    await expect(page.get_by_text(f"You are signed in as {EMAIL}")).to_be_visible()
    await page.get_by_role("link", name="Go on").click()

    await arrived(page)


async def test_a_server_that_does_not_answer_is_said_and_nothing_typed_is_lost(stranger: Page, served: FastAPI) -> None:
    await add(served, password=PASSWORD)
    await stranger.goto("/sign-in")
    await expect(stranger.get_by_role("textbox", name="E-mail")).to_be_focused()
    await stranger.context.set_offline(True)

    await fill(stranger)
    await expect(stranger.get_by_role("alert")).to_contain_text("The server does not answer")
    await stranger.context.set_offline(False)
    await stranger.get_by_role("button", name="Sign in", exact=True).click()

    await arrived(stranger)
