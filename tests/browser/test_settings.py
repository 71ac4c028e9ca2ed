"""The settings: one's own account, the team, keys of programs and the trail of what was done, as people use them."""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pyotp
import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from app.domains.identity.rules import Role
from tests.browser.people import EMAIL, PASSWORD, add, sign_in
from tests.browser.site import Site
from tests.browser.test_sign_in import NEW_PASSWORD, arrived, fill

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BEN = "ben@workshop.example"


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(browser: Browser, address: str) -> AsyncIterator[BrowserContext]:
    """Another browser, of whoever uses it."""
    context = await browser.new_context(base_url=address)
    yield context
    await context.close()


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


# The team


async def added(page: Page, role: str = "operator") -> str:
    """Adds Ben. Returns the path of his link."""
    await page.get_by_role("button", name="Add somebody").click()
    dialog = page.get_by_role("dialog", name="Add somebody")
    await dialog.get_by_role("textbox", name="E-mail").fill(BEN)
    await dialog.get_by_role("textbox", name="Name").fill("Ben Bold")
    await dialog.get_by_role("radio", name=role).check()
    await dialog.get_by_role("button", name="Add, and make a link").click()
    link = urlsplit(await dialog.locator("pre").inner_text())
    await dialog.get_by_role("button", name="I have kept it").click()
    await expect(dialog).to_have_count(0)
    return f"{link.path}#{link.fragment}"


async def ask(page: Page, act: str) -> None:
    await page.get_by_role("button", name="What can be done about Ben Bold").click()
    await page.get_by_role("menuitem", name=act, exact=True).click()


async def test_somebody_is_added_and_comes_in_by_a_link_that_is_shown_once(
    page: Page, elsewhere: BrowserContext
) -> None:
    await opened(page, "team")

    link = await added(page)

    assert link.split("=")[1] not in await page.content()
    await expect(row(page, "People who sign in here", "Ben Bold")).to_contain_text("operator")
    await expect(row(page, "People who sign in here", "Ben Bold")).to_contain_text("never")
    other = await elsewhere.new_page()
    await other.goto(link)
    await other.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    await other.get_by_role("button", name="Set the password").click()
    await expect(other.get_by_text("Your new password is set")).to_be_visible()
    await fill(other, email=BEN, password=NEW_PASSWORD)
    await arrived(other)
    await other.context.clear_cookies()
    await other.goto("about:blank")
    await other.goto(link)
    await other.get_by_role("textbox", name="New password").fill("a third password, then")
    await other.get_by_role("button", name="Set the password").click()
    await expect(other.get_by_role("alert")).to_contain_text("The password is not set")


async def test_an_address_that_is_known_is_refused_and_nothing_typed_is_lost(page: Page) -> None:
    await opened(page, "team")
    await page.get_by_role("button", name="Add somebody").click()
    dialog = page.get_by_role("dialog", name="Add somebody")
    await dialog.get_by_role("textbox", name="E-mail").fill(EMAIL)

    await dialog.get_by_role("button", name="Add, and make a link").click()

    await expect(dialog.get_by_role("alert")).to_be_visible()
    await expect(dialog.get_by_role("textbox", name="E-mail")).to_have_value(EMAIL)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Add somebody")).to_be_focused()


async def test_a_role_is_given_and_counts_at_once(page: Page, served: FastAPI, elsewhere: BrowserContext) -> None:
    await opened(page, "team")
    await added(page)

    await ask(page, "Make viewer")
    await confirm(page, "Make viewer")

    await expect(row(page, "People who sign in here", "Ben Bold")).to_contain_text("viewer")
    other = await elsewhere.new_page()
    await sign_in(other, served, email=BEN)
    await opened(other)
    await expect(subject(other, "Who you are")).to_contain_text("viewer")


async def test_who_is_disabled_is_out_at_once_and_may_be_let_in_again(
    page: Page, served: FastAPI, elsewhere: BrowserContext
) -> None:
    await opened(page, "team")
    await added(page)
    await add(served, email=BEN, password=NEW_PASSWORD)
    other = await elsewhere.new_page()
    await sign_in(other, served, email=BEN)
    await Site(other).visit()

    await ask(page, "Disable")
    await confirm(page, "Disable")

    await expect(row(page, "People who sign in here", "Ben Bold")).to_contain_text("disabled")
    await other.goto("/")
    await expect(other).to_have_url(re.compile("/sign-in"))
    await fill(other, email=BEN, password=NEW_PASSWORD)
    await expect(other.get_by_role("alert")).to_be_visible()

    await ask(page, "Let in again")
    await confirm(page, "Let in")

    await expect(row(page, "People who sign in here", "Ben Bold")).not_to_contain_text("disabled")
    await fill(other, email=BEN, password=NEW_PASSWORD)
    await arrived(other)


async def test_who_is_removed_is_gone_and_nobody_does_it_by_accident(page: Page) -> None:
    await opened(page, "team")
    await added(page)

    await ask(page, "Remove")
    await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await expect(row(page, "People who sign in here", "Ben Bold")).to_be_visible()
    await expect(page.get_by_role("button", name="What can be done about Ben Bold")).to_be_focused()
    await ask(page, "Remove")
    await confirm(page, "Remove")

    await expect(row(page, "People who sign in here", "Ben Bold")).to_have_count(0)


# Keys


async def made_key(page: Page, name: str, *scopes: str) -> str:
    await page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog", name="Make a key")
    await dialog.get_by_role("textbox", name="What it is for").fill(name)
    await expect(dialog.get_by_role("button", name="Make the key")).to_be_disabled()
    for scope in scopes:
        await dialog.get_by_role("checkbox", name=scope).check()
    await dialog.get_by_role("button", name="Make the key").click()
    return await kept(page, "Your key")


async def kept(page: Page, title: str) -> str:
    """The secret that is shown this once."""
    dialog = page.get_by_role("dialog", name=title)
    key = await dialog.locator("pre").inner_text()
    await dialog.get_by_role("button", name="I have kept it").click()
    await expect(dialog).to_have_count(0)
    assert key not in await page.content()
    return key


async def status_for(program: BrowserContext, key: str, path: str = "/api/v1/tasks") -> int:
    """What a program is answered that shows the key."""
    answer = await program.request.get(path, headers={"Authorization": f"Bearer {key}"})
    return answer.status


async def test_a_key_is_made_opens_what_it_is_for_and_no_more(page: Page, elsewhere: BrowserContext) -> None:
    await opened(page, "keys")
    await expect(page.get_by_text("No key yet")).to_be_visible()

    key = await made_key(page, "nightly report", "tasks:read")

    assert await status_for(elsewhere, key) == 200
    assert await status_for(elsewhere, key, "/api/v1/users") == 403
    await expect(row(page, "API keys", "nightly report")).to_contain_text("tasks:read")
    await expect(row(page, "API keys", "nightly report")).to_contain_text(EMAIL)


async def test_a_key_is_rotated_and_the_new_one_opens_the_same(page: Page, elsewhere: BrowserContext) -> None:
    await opened(page, "keys")
    old = await made_key(page, "nightly report", "tasks:read")

    await page.get_by_role("button", name="Rotate nightly report").click()
    await page.get_by_role("dialog").get_by_role("button", name="Rotate", exact=True).click()
    new = await kept(page, "The new key")

    assert new != old
    assert await status_for(elsewhere, new) == 200


async def test_a_revoked_key_opens_nothing(page: Page, elsewhere: BrowserContext) -> None:
    await opened(page, "keys")
    key = await made_key(page, "nightly report", "tasks:read")

    await page.get_by_role("button", name="Revoke nightly report").click()
    await confirm(page, "Revoke")

    await expect(row(page, "API keys", "nightly report")).to_have_count(0)
    await page.get_by_role("switch", name="Also ended ones").click()
    await expect(row(page, "API keys", "nightly report")).to_contain_text("revoked")
    await expect(page.get_by_role("button", name="Revoke nightly report")).to_have_count(0)
    assert await status_for(elsewhere, key) == 401


async def test_an_admin_sees_everybodys_keys_and_an_operator_their_own(page: Page, served: FastAPI) -> None:
    await sign_in(page, served, Role.OPERATOR, email=BEN)
    await opened(page, "keys")
    await made_key(page, "bens script", "tasks:read")
    await page.context.clear_cookies()
    await sign_in(page, served)
    await opened(page, "keys")
    await made_key(page, "admins script", "tasks:read")

    await expect(row(page, "API keys", "bens script")).to_contain_text(BEN)
    await sign_in(page, served, Role.OPERATOR, email=BEN)
    await opened(page, "keys")
    await expect(row(page, "API keys", "bens script")).to_be_visible()
    await expect(row(page, "API keys", "admins script")).to_have_count(0)


# The trail


async def test_the_trail_shows_what_was_done_is_searched_and_verified(page: Page) -> None:
    await opened(page, "team")
    await added(page)
    await ask(page, "Make viewer")
    await confirm(page, "Make viewer")
    await opened(page, "keys")
    await made_key(page, "nightly report", "tasks:read")

    await opened(page, "audit")
    trail = page.get_by_role("table", name="Audit trail")
    await expect(trail).to_contain_text(EMAIL)
    entries = trail.get_by_role("row")
    many = await entries.count()
    await page.get_by_role("search").get_by_label("Words").fill("nightly report")
    await expect(entries).to_have_count(2)  # its head, and the entry
    await entries.nth(1).get_by_text(re.compile(r"^\d+ changes?$")).click()
    await expect(entries.nth(1)).to_contain_text("tasks:read")

    await page.get_by_role("search").get_by_label("Words").fill("nobody ever did this")
    await expect(page.get_by_text("No entry matches")).to_be_visible()
    await page.get_by_role("button", name="Show all").click()
    await expect(entries).to_have_count(many)

    await page.get_by_role("button", name="Verify the trail").click()
    await expect(page.get_by_role("status").filter(has_text="The trail is sound")).to_be_visible()


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


async def test_who_was_more_before_still_ends_their_keys_and_makes_no_new_one(
    stranger: Page, served: FastAPI, elsewhere: BrowserContext
) -> None:
    await sign_in(stranger, served, Role.OPERATOR, email=BEN)
    await opened(stranger, "keys")
    key = await made_key(stranger, "bens script", "tasks:read")
    admin = await elsewhere.new_page()
    await sign_in(admin, served)
    [ben] = [user for user in (await Site(admin).api("/users"))["items"] if user["email"] == BEN]
    await Site(admin).api(f"/users/{ben['id']}", "PATCH", role="viewer")
    await sign_in(stranger, served, email=BEN)
    await opened(stranger, "keys")
    await expect(stranger.get_by_role("button", name="Make a key")).to_have_count(0)
    await expect(stranger.get_by_role("button", name="Rotate bens script")).to_have_count(0)

    await stranger.get_by_role("button", name="Revoke bens script").click()
    await confirm(stranger, "Revoke")

    await elsewhere.clear_cookies()
    assert await status_for(elsewhere, key) == 401


async def test_an_operator_has_keys_and_no_team(stranger: Page, served: FastAPI) -> None:
    await sign_in(stranger, served, Role.OPERATOR, email=BEN)
    await opened(stranger)

    parts = stranger.get_by_role("navigation", name="Parts of the settings").get_by_role("link")
    await expect(parts).to_have_text(["Account", "API keys"])


async def test_a_part_that_does_not_exist_is_said(page: Page) -> None:
    await opened(page, "nothing-of-the-kind")

    await expect(page.get_by_text("The settings have no such part")).to_be_visible()
