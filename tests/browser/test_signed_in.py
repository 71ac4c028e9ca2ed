"""Working while signed in: the account menu, a sign-in that ends in the middle of it, and who may only look."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Locator, Page, expect

from app.core.clock import utc_now
from app.domains.identity import users
from app.domains.identity.rules import Role
from tests.browser.people import EMAIL, PASSWORD, add, end_sessions, sign_in
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SET_ASIDE = "What moved this week"


async def opened_menu(page: Page, email: str = EMAIL) -> Locator:
    await page.get_by_role("button", name=f"Account of {email}").click()
    shown = page.get_by_role("menu")
    await expect(shown).to_be_visible()
    return shown


async def test_a_sign_in_that_ended_leads_to_the_form_and_back_to_the_same_place(site: Site, served: FastAPI) -> None:
    await add(served, password=PASSWORD)
    await sign_in(site.page, served)
    await site.visit("/?status=not_for_us")
    await site.task(SET_ASIDE).get_by_role("link").click()
    reopen = site.panel.get_by_role("button", name="Make it a task")
    await expect(reopen).to_be_visible()
    place = site.page.url
    await end_sessions(served)

    await reopen.click()

    await expect(site.page).to_have_url(re.compile("/sign-in"))
    await expect(site.page.get_by_text("You were signed out")).to_be_visible()
    await site.page.get_by_role("textbox", name="E-mail").fill(EMAIL)
    await site.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await site.page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(site.page).to_have_url(place)
    await expect(site.task(SET_ASIDE)).to_be_visible()


async def test_signing_in_anew_in_another_tab_does_not_get_in_the_way(site: Site, served: FastAPI) -> None:
    first = (await site.titles())[0]
    await sign_in(site.page, served)  # the cookie is another one now, and what the page proves itself with is old
    task = await site.open(first)

    await task.get_by_role("button", name="Complete").click()

    await expect(site.notices).to_contain_text("Completed")
    await expect(site.task(first)).to_have_count(0)


async def test_a_file_is_sent_with_the_proof_too(page: Page, letters: Path) -> None:
    site = Site(page)
    await site.visit()

    await site.bring(letters)

    await expect(site.tasks.first).to_be_visible()


async def test_the_menu_says_who_it_is_and_signs_out(site: Site) -> None:
    shown = await opened_menu(site.page)
    await expect(shown).to_contain_text(f"{EMAIL}, admin")

    await shown.get_by_role("menuitem", name="Sign out").click()

    await expect(site.page).to_have_url(re.compile("/sign-in$"))
    await site.page.goto("/")
    await expect(site.page).to_have_url(re.compile("/sign-in$"))


async def test_the_menu_opens_and_closes_by_keyboard(site: Site) -> None:
    opener = site.page.get_by_role("button", name=f"Account of {EMAIL}")
    await opener.focus()
    await site.page.keyboard.press("Enter")
    await expect(opener).to_have_attribute("aria-expanded", "true")
    await site.page.keyboard.press("ArrowUp")
    await expect(site.page.get_by_role("menuitem", name="Sign out")).to_be_focused()

    await site.page.keyboard.press("Escape")

    await expect(site.page.get_by_role("menu")).to_have_count(0)
    await expect(opener).to_be_focused()
    await expect(opener).not_to_have_attribute("aria-expanded", "true")


async def test_how_it_looks_is_chosen_in_the_menu_and_stays(site: Site) -> None:
    await site.page.emulate_media(color_scheme="light")
    shown = await opened_menu(site.page)
    await expect(shown.get_by_role("menuitemradio", name="As the system")).to_have_attribute("aria-checked", "true")

    await shown.get_by_role("menuitemradio", name="Dark").click()

    await expect(site.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    await site.visit()
    await expect(site.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


async def test_one_signs_out_everywhere_else_and_stays(site: Site, served: FastAPI, browser: Browser) -> None:
    elsewhere = await browser.new_context(base_url=site.page.url)
    other = await elsewhere.new_page()
    await sign_in(other, served)
    shown = await opened_menu(site.page)
    await shown.get_by_role("menuitem", name="Your account").click()

    await site.page.get_by_role("button", name="Sign out everywhere else").click()

    await expect(site.page.get_by_text("You are signed in nowhere else")).to_be_visible()
    await other.goto("/")
    await expect(other).to_have_url(re.compile("/sign-in"))
    await elsewhere.close()
    await site.visit()
    await expect(site.tasks.first).to_be_visible()


async def test_a_phone_has_room_for_the_menu(site: Site) -> None:
    await site.page.set_viewport_size({"width": 360, "height": 740})
    shown = await opened_menu(site.page)

    assert await site.width() == 360
    box = await shown.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 740


@pytest.fixture
def viewer() -> str:
    return "viv@workshop.example"


async def test_who_may_only_look_is_offered_nothing_else(
    filled: None, stranger: Page, served: FastAPI, viewer: str
) -> None:
    await sign_in(stranger, served, Role.VIEWER, email=viewer)
    site = Site(stranger)
    await site.visit()

    first = (await site.titles())[0]
    await expect(site.tasks.get_by_role("checkbox")).to_have_count(0)
    await expect(stranger.get_by_role("button", name="Claim next")).to_have_count(0)
    task = await site.open(first)
    for act in ("Complete", "Snooze", "Assign", "Decline"):
        await expect(task.get_by_role("button", name=act)).to_have_count(0)
    await stranger.keyboard.press("e")
    await expect(site.task(first)).to_be_visible()
    await stranger.keyboard.press("?")
    help_ = stranger.get_by_role("dialog", name="Keys on this page")
    await expect(help_).to_contain_text("Show all keys")
    await expect(help_.get_by_text("Complete", exact=True)).to_have_count(0)
    await help_.get_by_role("button", name="Close").click()
    await expect(await opened_menu(stranger, viewer)).to_contain_text("viewer")


async def test_who_may_only_look_is_not_asked_for_files(stranger: Page, served: FastAPI, viewer: str) -> None:
    await sign_in(stranger, served, Role.VIEWER, email=viewer)
    await Site(stranger).whole("/integrations")

    await expect(stranger.get_by_role("button", name="Import")).to_have_count(0)
    await expect(stranger.get_by_role("button", name="Add integration")).to_have_count(0)


async def test_where_a_right_was_taken_away_meanwhile_it_is_said_which(site: Site, served: FastAPI) -> None:
    first = (await site.titles())[0]
    task = await site.open(first)
    async with served.state.database.writing() as session:
        await users.create(session, "other@workshop.example", Role.ADMIN, now=utc_now())
        user = await users.by_email(session, EMAIL)
        assert user
        user.role = str(Role.VIEWER)
    served.state.recogniser.forget()

    await task.get_by_role("button", name="Complete").click()

    alert = site.notices.get_by_role("alert")
    await expect(alert).to_contain_text("tasks:write")
    await expect(alert.get_by_role("button", name="Retry")).to_have_count(0)
    await expect(site.task(first)).to_be_visible()
    await site.visit()
    await expect((await site.open(first)).get_by_role("button", name="Complete")).to_have_count(0)


async def test_an_empty_queue_tells_a_viewer_that_others_have_to_begin(
    stranger: Page, served: FastAPI, viewer: str
) -> None:
    await sign_in(stranger, served, Role.VIEWER, email=viewer)
    await Site(stranger).visit()

    await expect(stranger.get_by_text("Nothing has been brought in yet")).to_be_visible()
    await expect(stranger.get_by_role("button", name="Import")).to_have_count(0)


async def test_the_documentation_acts_as_who_is_signed_in(page: Page) -> None:
    await page.goto("/docs")
    await expect(page.get_by_text(f"You act here as {EMAIL}")).to_be_visible()
    making = page.locator("#operations-tasks-create_task")
    await making.locator(".opblock-summary-control").click()
    await making.locator("textarea").first.fill('{"title": "Tried on the page"}')
    await making.get_by_role("button", name="Execute").click()

    await expect(making.locator(".live-responses-table .response-col_status").last).to_have_text(re.compile("^201"))
    tasks = await Site(page).api("/tasks")
    assert [task["title"] for task in tasks["items"]] == ["Tried on the page"]


async def test_the_documentation_takes_a_key_and_leads_a_stranger_to_the_form(stranger: Page, address: str) -> None:
    await stranger.goto("/docs")

    await expect(stranger.get_by_role("link", name="Sign in to try them")).to_have_attribute(
        "href", "/sign-in?next=/docs"
    )
    await stranger.get_by_role("button", name="Authorize").first.click()
    await expect(stranger.locator(".auth-container").get_by_text("key", exact=False).first).to_be_visible()
    await expect(stranger.locator(".auth-container")).to_have_count(1)  # a cookie can't be typed in
