"""People: tasks and people that may be one are proposed, and joined only by somebody who says so; each act has its way
back."""

import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Locator, Page, Route, expect

from app.domains.identity.rules import Role
from tests.browser import office, people
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOTHING = "Nothing to settle."


@pytest_asyncio.fixture(loop_scope="session")
async def untidy(furnished: None, page: Page) -> Site:
    """A letter and a row have one title; and Ines Okafor writes mail and Slack."""
    site = Site(page)
    await site.go("/people", "People")
    await expect(page.get_by_text(f"Both are called “{office.INVOICE}”")).to_be_visible()
    return site


def part(site: Site, name: str) -> Locator:
    return site.page.get_by_role("region", name=name)


async def test_with_nothing_to_do_it_says_what_would_stand_there(page: Page) -> None:
    site = Site(page)
    await site.go("/people", "People")

    await expect(part(site, "Perhaps one task")).to_contain_text("would stand here")
    await expect(part(site, "Perhaps one person")).to_contain_text("would stand here")
    await expect(part(site, "Everybody")).to_contain_text("Nobody is known yet")


async def test_two_tasks_are_made_one_and_taken_apart_again(untidy: Site) -> None:
    tasks = part(untidy, "Perhaps one task")
    before = len((await untidy.api("/tasks"))["items"])

    await tasks.get_by_role("button", name="Merge").click()
    await expect(tasks).to_contain_text(NOTHING)
    assert len((await untidy.api("/tasks"))["items"]) == before - 1

    await untidy.notices.get_by_role("button", name="Undo").click()
    await expect(tasks).to_contain_text("Both are called")
    assert len((await untidy.api("/tasks"))["items"]) == before


async def test_by_keyboard_two_tasks_are_kept_apart_for_good(untidy: Site) -> None:
    tasks = part(untidy, "Perhaps one task")
    await tasks.get_by_role("button", name="Merge").focus()
    await untidy.press("Tab")
    assert await untidy.focused() == "Not the same"

    await untidy.press("Enter")

    await expect(tasks.get_by_role("list", name="Settled just now")).to_contain_text("stay apart")
    await expect(tasks).to_contain_text(NOTHING)
    assert (await untidy.api("/tasks/duplicates"))["items"] == []
    await tasks.get_by_role("button", name="Take back").click()
    await expect(tasks).to_contain_text("Both are called")


async def test_two_people_are_made_one_and_taken_apart_again(untidy: Site) -> None:
    pairs = part(untidy, "Perhaps one person")
    await expect(pairs).to_contain_text("Both are called “Ines Okafor”, and nobody else is.")
    await pairs.get_by_role("button", name="The same person").click()
    settled = pairs.get_by_role("list", name="Settled just now")
    await expect(settled).to_contain_text("one person now")
    [ines] = (await untidy.api("/people?q=okafor"))["items"]
    assert len(ines["identities"]) == 2

    await settled.get_by_role("button", name="Take back").click()
    await expect(pairs).to_contain_text("Both are called")
    assert len((await untidy.api("/people?q=okafor"))["items"]) == 2


async def test_a_person_is_looked_up_and_said_to_be_one_of_us(untidy: Site) -> None:
    everybody = part(untidy, "Everybody")
    await everybody.get_by_role("searchbox", name="Search people by name or address").fill("marek")
    await expect(everybody.get_by_role("row")).to_have_count(2)  # with the head
    us = everybody.get_by_role("switch", name="Marek Dvorak is one of us")

    await us.click()

    await expect(us).to_be_checked()
    assert [each["is_us"] for each in (await untidy.api("/people?q=marek"))["items"]] == [True]


async def test_somebody_is_joined_with_another_by_hand_and_an_address_taken_out(untidy: Site) -> None:
    page = untidy.page
    everybody = part(untidy, "Everybody")
    await everybody.get_by_role("button", name="What can be said about Marek Dvorak").click()
    await page.get_by_role("menuitem", name="The same as somebody else…").click()
    await page.get_by_role("combobox", name="The other person").fill("rosa")
    await page.get_by_role("option", name="Rosa Lind").click()
    await page.get_by_role("dialog").get_by_role("button", name="The same person").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    [rosa] = (await untidy.api("/people?q=rosa"))["items"]
    assert {each["address"] for each in rosa["identities"]} == {"rosa@fernhill.example", "marek@northgate.example"}

    await everybody.get_by_role("button", name="What can be said about Rosa Lind").click()
    await page.get_by_role("menuitem", name="Take an address out…").click()
    await page.get_by_role("radio", name="marek@northgate.example").check()
    await page.get_by_role("button", name="Take out").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    [rosa] = (await untidy.api("/people?q=rosa"))["items"]
    assert [each["address"] for each in rosa["identities"]] == ["rosa@fernhill.example"]


async def test_without_an_answer_it_says_so_and_retry_works(untidy: Site) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    await untidy.page.route("**/people/suggestions?*", away)
    await untidy.page.reload()
    pairs = part(untidy, "Perhaps one person")
    await expect(pairs.get_by_role("alert")).to_contain_text("does not answer", timeout=20_000)

    await untidy.page.unroute("**/people/suggestions?*")
    await pairs.get_by_role("button", name="Retry").click()
    await expect(pairs).to_contain_text("Both are called")


async def test_a_viewer_reads_and_is_offered_nothing(furnished: None, stranger: Page, served: FastAPI) -> None:
    await people.sign_in(stranger, served, Role.VIEWER, email="vera@workshop.example")
    site = Site(stranger)
    await site.go("/people", "People")

    await expect(part(site, "Perhaps one task")).to_contain_text("Both are called")
    await expect(part(site, "Everybody").get_by_role("row").nth(1)).to_be_visible()
    await expect(stranger.get_by_role("button", name="Merge")).to_have_count(0)
    await expect(stranger.get_by_role("switch")).to_have_count(0)


async def test_on_a_phone_all_of_it_fits(untidy: Site) -> None:
    await untidy.page.set_viewport_size({"width": 380, "height": 740})

    await expect(part(untidy, "Everybody")).to_be_visible()
    assert await untidy.width() == 380
