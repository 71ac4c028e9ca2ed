"""The open task: what else has to do with it, and what its rows and lines hold."""

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser import office
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def letter(site: Site) -> Locator:
    """The letter's task, opened; a row of the table has the same title."""
    await site.tasks.filter(has_text="Yuki Tan").get_by_role("link").click()
    return await site.opened(office.INVOICE)


def related(panel: Locator) -> Locator:
    return panel.get_by_role("region", name="Related")


def messages(panel: Locator) -> Locator:
    return panel.get_by_role("region", name="Conversation").locator("[data-item]")


async def test_a_task_shows_what_is_related_and_why(full_site: Site) -> None:
    beside = related(await letter(full_site))

    await expect(beside.get_by_role("listitem")).to_have_count(1)
    await expect(beside.get_by_role("button", name=office.INVOICE, exact=True)).to_be_visible()
    await expect(beside).to_contain_text(f"Both are called “{office.INVOICE}”")
    await expect(beside).to_contain_text("csv")


async def test_what_is_related_is_merged_and_taken_apart_again(full_site: Site) -> None:
    before = await full_site.titles()
    panel = await letter(full_site)

    await panel.get_by_role("button", name="Merge into this").click()
    await expect(full_site.tasks).to_have_count(len(before) - 1)
    await expect(messages(panel)).to_have_count(2)

    await full_site.notices.get_by_role("button", name="Undo").click()
    await expect(full_site.tasks).to_have_count(len(before))
    await expect(messages(panel)).to_have_count(1)
    assert sorted(await full_site.titles()) == sorted(before)


async def test_by_keyboard_what_is_not_related_stays_away_and_can_be_taken_back(full_site: Site) -> None:
    beside = related(await letter(full_site))
    await beside.get_by_role("button", name=office.INVOICE, exact=True).focus()
    await full_site.press("Tab", "Tab")
    await expect(beside.get_by_role("button", name="Not related")).to_be_focused()

    await full_site.press("Enter")
    await expect(beside.get_by_role("button", name="Related after all")).to_be_visible()

    await full_site.visit()
    panel = await letter(full_site)
    await expect(related(panel)).to_have_count(0)


async def test_a_related_task_is_opened_in_the_panel(full_site: Site) -> None:
    panel = await letter(full_site)

    await related(panel).get_by_role("button", name=office.INVOICE, exact=True).click()

    await expect(panel).to_contain_text("80 EUR")
    await expect(full_site.tasks.filter(has_text="Ana Ruiz")).to_have_attribute("aria-current", "true")


async def test_where_the_related_can_t_be_fetched_the_rest_is_shown_and_retry_works(full_site: Site) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    await full_site.page.route("**/related", away)
    panel = await letter(full_site)
    await expect(related(panel).get_by_role("alert")).to_contain_text("The server does not answer")

    await full_site.page.unroute("**/related")
    await related(panel).get_by_role("button", name="Retry").click()
    await expect(related(panel)).to_contain_text("Both are called")


async def test_a_row_shows_its_other_columns(full_site: Site) -> None:
    panel = await full_site.open("Order paper")

    conversation = panel.get_by_role("region", name="Conversation")
    await expect(conversation.get_by_role("term")).to_have_text(["Status there", "Cost"])
    await expect(conversation.get_by_role("definition")).to_have_text(["To do", "12 EUR"])


async def test_a_line_of_a_channel_shows_where_it_stands_that_it_was_edited_and_its_reactions(full_site: Site) -> None:
    message = messages(await full_site.open(office.ASKING))

    await expect(message).to_contain_text("Ines Okafor")
    await expect(message).to_contain_text("in #general")
    await expect(message.get_by_text("edited", exact=True)).to_be_visible()
    await expect(message.get_by_role("list", name="Reactions")).to_contain_text("👀 2")


async def test_on_a_phone_what_is_related_and_the_fields_fit(full_site: Site) -> None:
    await full_site.page.set_viewport_size({"width": 390, "height": 844})
    panel = await letter(full_site)
    assert await full_site.width() == 390

    await related(panel).get_by_role("button", name=office.INVOICE, exact=True).click()
    await expect(panel).to_contain_text("80 EUR")
    assert await full_site.width() == 390
