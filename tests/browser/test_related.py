"""An opened task: what else has to do with it, and what its rows and lines hold."""

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser import office
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def letter(site: Site) -> Locator:
    """The letter's task, opened."""
    task = site.tasks.filter(has_text="Yuki Tan")
    await task.locator(".open").click()
    await expect(task.locator(".total")).to_be_visible()
    return task


async def test_a_task_shows_what_is_related_and_why(full_site: Site) -> None:
    related = (await letter(full_site)).get_by_role("region", name="Related")

    await expect(related.get_by_role("heading", level=5)).to_have_text([office.INVOICE])
    await expect(related).to_contain_text(f"Both are called “{office.INVOICE}”")
    await expect(related).to_contain_text("csv")


async def test_what_is_related_is_merged_and_taken_apart_again(full_site: Site) -> None:
    before = await full_site.titles()
    task = await letter(full_site)

    await task.get_by_role("button", name="Merge into this").click()
    await expect(full_site.tasks).to_have_count(len(before) - 1)
    await expect(task.locator(".message")).to_have_count(2)
    await expect(task.locator(".open")).to_be_focused()

    await full_site.page.keyboard.press("u")
    await expect(full_site.tasks).to_have_count(len(before))
    assert sorted(await full_site.titles()) == sorted(before)


async def test_what_changed_meanwhile_is_merged_when_asked_again(full_site: Site) -> None:
    task = await letter(full_site)
    [row] = (await full_site.api("/tasks?kind=csv&q=invoice"))["items"]
    await full_site.api(f"/tasks/{row['id']}", "PATCH", notes="It was paid.")

    await task.get_by_role("button", name="Merge into this").click()
    await expect(task.get_by_role("alert")).to_contain_text("changed since you looked")
    await task.get_by_role("button", name="Retry").click()

    await expect(task.locator(".message")).to_have_count(2)


async def test_by_keyboard_what_is_not_related_stays_away(full_site: Site) -> None:
    related = (await letter(full_site)).get_by_role("region", name="Related")
    await related.get_by_role("button", name="Open").focus()
    await full_site.page.keyboard.press("Tab")
    await full_site.page.keyboard.press("Tab")
    assert await full_site.focused() == "Not related"

    await full_site.page.keyboard.press("Enter")
    await expect(related).to_contain_text("is no longer shown here")
    assert "is no longer shown here" in await full_site.focused()

    await full_site.visit()
    task = await letter(full_site)
    await expect(task.get_by_role("region", name="Related")).to_have_count(0)


async def test_a_related_task_is_opened_where_it_stands_and_one_of_another_list_above(full_site: Site) -> None:
    task = await letter(full_site)
    await task.get_by_role("button", name="Open", exact=True).click()
    row = full_site.tasks.filter(has=full_site.page.locator(".head", has_text="For Ana Ruiz"))
    await expect(row.locator(".open")).to_be_focused()
    await expect(row.locator(".open")).to_have_attribute("aria-expanded", "true")

    await full_site.page.keyboard.press("e")
    await expect(row).to_have_count(0)
    await full_site.visit()
    task = await letter(full_site)
    await task.get_by_role("button", name="Open", exact=True).click()

    opened = full_site.page.get_by_role("region", name="Opened")
    await expect(opened.locator(".open")).to_be_focused()
    await expect(opened.get_by_role("button", name="Reopen")).to_be_visible()
    await full_site.page.reload()
    await expect(opened.get_by_role("region", name="Why")).to_be_visible()
    await opened.get_by_role("button", name="Close").click()
    await expect(opened).to_have_count(0)


async def test_where_the_related_can_t_be_fetched_the_rest_is_shown_and_retry_works(full_site: Site) -> None:
    async def away(route: Route) -> None:
        await route.abort()

    await full_site.page.route("**/related", away)
    task = await letter(full_site)
    related = task.get_by_role("region", name="Related")
    await expect(related.get_by_role("alert")).to_contain_text("The server does not answer")

    await full_site.page.unroute("**/related")
    await related.get_by_role("button", name="Retry").click()
    await expect(related).to_contain_text("Both are called")


async def test_a_row_shows_its_other_columns(full_site: Site) -> None:
    fields = (await full_site.open("Order paper")).locator(".fields")

    await expect(fields.locator("dt")).to_have_text(["Status there", "Cost"])
    await expect(fields.locator("dd")).to_have_text(["To do", "12 EUR"])


async def test_a_line_of_a_channel_shows_where_it_stands_that_it_was_edited_and_its_reactions(
    full_site: Site,
) -> None:
    message = (await full_site.open(office.ASKING)).locator(".message")

    await expect(message.locator("header")).to_contain_text("Ines Okafor")
    await expect(message.locator("header")).to_contain_text("in #general")
    await expect(message.locator(".edited")).to_be_visible()
    await expect(message.get_by_role("listitem", name="2 reacted with eyes")).to_have_text("👀 2")


async def test_on_a_phone_related_tasks_and_fields_fit(full_site: Site) -> None:
    await full_site.page.set_viewport_size({"width": 380, "height": 740})
    await letter(full_site)
    await full_site.open("Order paper")

    assert await full_site.width() == 380
