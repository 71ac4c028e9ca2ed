"""Tidying up: tasks and people that may be one are proposed, and joined only by somebody who says so."""

from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route, expect

from tests.browser import axe, office
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def untidy(full_site: Site) -> Site:
    """A letter and a row have one title; and Ines Okafor writes mail and Slack."""
    await expect(entry(full_site)).to_have_text("Tidy up (2)")
    return full_site


def entry(site: Site) -> Locator:
    return site.page.locator("#tidy-open")


def part(site: Site, name: str) -> Locator:
    return site.page.get_by_role("region", name=name)


async def test_with_nothing_to_do_it_says_what_would_stand_there(page: Page) -> None:
    site = Site(page)
    await site.visit()
    await expect(entry(site)).to_have_text("Tidy up")

    await entry(site).click()

    await expect(part(site, "Perhaps one task")).to_contain_text("would stand here")
    await expect(part(site, "Perhaps one person")).to_contain_text("would stand here")
    await page.get_by_role("button", name="Close").click()
    await expect(entry(site)).to_be_focused()


async def test_two_tasks_are_made_one_and_taken_apart_again(untidy: Site) -> None:
    before = await untidy.titles()
    await entry(untidy).click()
    tasks = part(untidy, "Perhaps one task")
    await expect(tasks).to_contain_text(f"Both are called “{office.INVOICE}”")

    await tasks.get_by_role("button", name="Merge").click()
    await expect(tasks).to_contain_text("would stand here")
    await expect(untidy.tasks).to_have_count(len(before) - 1)
    await expect(entry(untidy)).to_have_text("Tidy up (1)")

    await untidy.page.get_by_role("button", name="Undo").click()
    await expect(untidy.tasks).to_have_count(len(before))
    await expect(tasks).to_contain_text("Both are called")
    await expect(entry(untidy)).to_have_text("Tidy up (2)")


async def test_by_keyboard_two_tasks_are_kept_apart_for_good(untidy: Site) -> None:
    await entry(untidy).focus()
    await untidy.page.keyboard.press("Enter")
    await expect(untidy.page.get_by_role("heading", name="Tidy up")).to_be_focused()
    for _ in range(5):  # close, two titles, merge, not the same
        await untidy.page.keyboard.press("Tab")
    assert await untidy.focused() == "Not the same"

    await untidy.page.keyboard.press("Enter")

    await expect(part(untidy, "Perhaps one task")).to_contain_text("would stand here")
    await expect(part(untidy, "Perhaps one person").get_by_role("switch").first).to_be_visible()
    assert (await untidy.api("/tasks/duplicates"))["items"] == []


async def test_two_people_are_made_one_and_taken_apart_again(untidy: Site) -> None:
    await entry(untidy).click()
    people = part(untidy, "Perhaps one person")
    await expect(people).to_contain_text("Both are called “Ines Okafor”, and nobody else is.")
    await people.get_by_role("button", name="Merge").click()
    await expect(people).to_contain_text("would stand here")
    [ines] = (await untidy.api("/people?q=okafor"))["items"]
    assert len(ines["identities"]) == 2

    await untidy.page.get_by_role("button", name="Undo").click()
    await expect(people).to_contain_text("Both are called")
    assert len((await untidy.api("/people?q=okafor"))["items"]) == 2


async def test_a_person_is_said_to_be_one_of_us(untidy: Site) -> None:
    await entry(untidy).click()
    us = part(untidy, "Perhaps one person").get_by_role("switch").first
    await expect(us).not_to_be_checked()

    await us.click()

    await expect(us).to_be_checked()
    assert [p["is_us"] for p in (await untidy.api("/people?q=okafor"))["items"]].count(True) == 1


async def test_without_an_answer_it_says_so_and_retry_works(untidy: Site) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    await untidy.page.route("**/people/suggestions", away)
    await entry(untidy).click()
    problem = untidy.page.locator("#tidy").get_by_role("alert")
    await expect(problem).to_contain_text("The server does not answer")

    await untidy.page.unroute("**/people/suggestions")
    await problem.get_by_role("button", name="Retry").click()
    await expect(part(untidy, "Perhaps one person")).to_contain_text("Both are called")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_all_of_it_fits_can_be_read_and_has_a_name(
    untidy: Site, scheme: Literal["light", "dark"]
) -> None:
    await untidy.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await untidy.page.set_viewport_size({"width": 380, "height": 740})
    await entry(untidy).click()
    await expect(part(untidy, "Perhaps one person")).to_be_visible()

    assert await untidy.width() == 380
    await axe.assert_none(untidy.page)
