"""What an admin settles for all: who is in the team; and keys of programs, and the trail of what was done."""

import re
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Page, expect

from app.domains.identity.rules import Role
from tests.browser.people import EMAIL, add, sign_in
from tests.browser.site import Site
from tests.browser.test_settings import BEN, confirm, opened, row, subject
from tests.browser.test_sign_in import NEW_PASSWORD, arrived, fill

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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
    await expect(other).to_have_url(re.compile("/sign-in"))  # by itself: nothing there is his to see any more
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
    await expect(trail).to_contain_text("Added somebody to the team")
    changed = trail.get_by_role("row").filter(has_text="edit_user")
    await expect(changed.get_by_role("link")).to_have_attribute("href", "/settings/team")
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
