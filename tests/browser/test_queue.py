"""The queue and the task beside it: what a row says, why it stands there, its conversation and its search."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import mailbox
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

URGENT = "Signed data agreement"
MARKUP = "<img src=x onerror=alert(1)> in titles"


def shown_number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace(",", ""))


async def test_a_first_visit_says_how_to_begin(page: Page) -> None:
    await Site(page).visit()

    ways = page.get_by_role("region", name="Bring in your work")
    await expect(ways.get_by_role("heading", level=3)).to_have_text(
        ["Connect an account", "Import files", "Look around first"]
    )
    await ways.get_by_role("button", name="Import…").click()
    await expect(page.get_by_role("dialog", name="Import files")).to_be_visible()


async def test_a_row_says_from_whom_from_where_whose_turn_and_why(site: Site) -> None:
    row = site.task("Checkout is down for all customers")

    for part in ("Marek Dvorak", "mbox", "Our turn for 5 h", "Please call me as soon as you can", "Checkout is down"):
        await expect(row).to_contain_text(part)
    await expect(site.page.get_by_role("grid", name="Open tasks").get_by_role("row", name="Now").first).to_be_visible()


async def test_a_row_shows_the_two_strongest_reasons_and_the_score_that_its_panel_explains(site: Site) -> None:
    [task] = (await site.api("/tasks?q=auditors"))["items"]
    row = site.task(URGENT)
    await expect(row).to_contain_text(" · ".join(task["reasons"]))
    score = await row.get_by_role("gridcell", name="Score").inner_text()

    panel = await site.open(URGENT)

    await expect(panel.get_by_text(score, exact=True).first).to_be_visible()


async def test_the_shown_points_add_up_to_the_shown_sum(site: Site) -> None:
    for title in await site.titles():
        why = (await site.open(title)).get_by_role("region", name="Why")
        lines = why.get_by_role("list", name="The lines of the sum")
        terms = await lines.locator("li > span").all_inner_texts()
        total = await why.get_by_text(re.compile("points? in all")).locator("xpath=..").inner_text()

        assert sum(map(shown_number, terms)) == shown_number(total.split()[0]), title


async def test_an_opened_task_shows_its_conversation_and_what_was_also_checked(site: Site) -> None:
    panel = await site.open("Question about the export format")

    conversation = panel.get_by_role("region", name="Conversation")
    await expect(conversation.get_by_role("listitem")).to_have_count(2)
    await expect(conversation.get_by_text("Which date did you have in mind?")).to_be_visible()
    await expect(conversation.get_by_text("contain archived projects?").last).to_be_hidden()
    await conversation.get_by_text("Quoted history").click()
    await expect(conversation.get_by_text("contain archived projects?").last).to_be_visible()

    await panel.get_by_text("Also checked").click()
    checked = panel.get_by_role("group").filter(has_text="Also checked").get_by_role("listitem")
    await expect(checked.first).to_be_visible()


async def test_a_line_of_the_sum_leads_to_its_words_in_the_conversation(site: Site) -> None:
    panel = await site.open(URGENT)

    await panel.get_by_role("button", name="Show in the conversation").first.click()

    await expect(panel.get_by_role("region", name="Conversation").locator("mark").first).to_be_visible()


async def test_text_of_a_mail_is_shown_as_text(site: Site) -> None:
    panel = await site.open(MARKUP)

    await expect(panel.get_by_role("region", name="Conversation")).to_contain_text("<b>this</b><script>")
    assert "Watchfloor" in await site.page.title()
    await expect(panel.locator("img, script, b")).to_have_count(0)


async def test_times_are_relative_and_carry_the_exact_time_of_the_viewers_zone(site: Site) -> None:
    [task] = (await site.api("/tasks?q=slides"))["items"]
    due = site.task(task["title"]).locator("[data-column=due] time")

    left = datetime.fromisoformat(task["due_at"]) - datetime.now(UTC)
    await expect(due).to_have_text(f"Due in {left.days} days")
    title = await due.get_attribute("title")
    assert title is not None
    assert title.endswith(("EST", "EDT", "GMT-4", "GMT-5"))


async def test_what_was_set_aside_is_there_with_its_reason_and_can_become_a_task(site: Site) -> None:
    await site.view("Set aside").click()
    task = site.task("What moved this week")
    await expect(task).to_contain_text("List-Unsubscribe")

    await task.focus()
    await site.press("r")
    await expect(task).to_have_count(0)
    await expect(site.notices).to_contain_text("Reopened: What moved this week")

    await site.view("Open").click()
    await expect(task).to_be_visible()


async def test_search_narrows_the_queue_and_says_when_nothing_matches(site: Site) -> None:
    await site.press("/")
    await site.page.keyboard.type("checkout")
    await expect(site.tasks).to_have_count(1)
    assert await site.titles() == ["Checkout is down for all customers"]

    await site.search.fill("nothinglikethat")
    await expect(site.page.get_by_text("No task matches «nothinglikethat»")).to_be_visible()

    await site.page.get_by_role("main").get_by_text("Clear the search").click()
    await expect(site.task(URGENT)).to_be_visible()


async def test_a_long_list_is_fetched_as_it_is_scrolled_and_only_what_is_in_view_exists(
    page: Page, tmp_path: Path
) -> None:
    site = Site(page)
    await site.bring(mailbox.write(tmp_path / "long.mbox", datetime.now(UTC), copies=40))
    everything = (await site.api("/tasks/counts"))["total"]
    assert everything > 200
    assert await site.tasks.count() < 60

    await site.tasks.first.focus()
    last = site.page.get_by_text(f"That is all: {everything} tasks.")
    async with page.expect_response("**/api/v1/tasks?*cursor=*"):
        await site.press("End")
    await expect(page.locator("[data-busy]")).to_have_count(0)
    await site.press("End")
    await expect(last).to_be_visible()
    await expect(site.tasks.last).to_be_focused()

    assert await site.tasks.count() < 60
    at = await site.tasks.last.get_attribute("aria-rowindex")
    await expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", at or "")


async def test_the_place_is_an_address_that_another_can_open(site: Site) -> None:
    await site.view("Waiting").click()
    await site.search.fill("export")
    await expect(site.tasks).to_have_count(1)
    await site.open("Question about the export format")
    address = site.page.url

    await site.page.goto("/settings")
    await site.page.goto(address)

    await expect(site.search).to_have_value("export")
    await expect(site.view("Waiting")).to_have_attribute("aria-pressed", "true")
    await site.opened("Question about the export format")


async def test_on_a_phone_the_panel_covers_the_list_and_gives_it_back(site: Site) -> None:
    await site.page.set_viewport_size({"width": 390, "height": 844})
    panel = await site.open(URGENT)
    assert await site.width() == 390

    await panel.get_by_role("button", name="Close").click()

    await expect(panel).to_have_count(0)
    await expect(site.task(URGENT)).to_be_focused()
    assert await site.width() == 390
