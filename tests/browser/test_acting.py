"""Acting on tasks by mouse: complete, snooze, assign, decline, due, labels, merge, many at once, and taking it back."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

URGENT = "Signed data agreement"
DOWN = "Checkout is down for all customers"
HERE = ZoneInfo("America/New_York")


async def stored(site: Site, title: str) -> dict[str, Any]:
    """The task as the server has it."""
    statuses = "&".join(f"status={each}" for each in ("open", "snoozed", "done", "declined"))
    tasks = (await site.api(f"/tasks?{statuses}&limit=200"))["items"]
    [task] = [each for each in tasks if each["title"] == title]
    return dict(task)


def act(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("group", name="What can be done").get_by_role("button", name=name)


async def test_a_task_is_completed_and_the_offer_to_undo_brings_it_back(site: Site) -> None:
    before = await site.titles()
    panel = await site.open(URGENT)
    await act(panel, "Complete").click()
    await expect(site.task(URGENT)).to_have_count(0)
    await expect(site.notices).to_contain_text(f"Completed: {URGENT}")

    await site.notices.get_by_role("button", name="Undo").click()

    await expect(site.task(URGENT)).to_be_visible()
    await expect(site.notices.get_by_role("button", name="Undo")).to_have_count(0)
    assert await site.titles() == before


async def test_what_was_done_stands_under_done_and_is_reopened_there(site: Site) -> None:
    await act(await site.open(URGENT), "Complete").click()
    await expect(site.view("Done")).to_contain_text("1")
    await site.view("Done").click()
    panel = await site.open(URGENT)
    await expect(panel.get_by_role("region", name="Why")).to_contain_text("If it were open, it would have")
    await expect(panel.get_by_text("Score")).to_have_count(0)

    async with site.page.expect_response(lambda answer: answer.url.endswith("/reopen")):
        await act(panel, "Reopen").click()

    await expect(site.task(URGENT)).to_have_count(0)
    assert (await stored(site, URGENT))["status"] == "open"


async def test_a_snooze_is_chosen_from_what_is_usual_in_the_viewers_zone(site: Site) -> None:
    await act(await site.open(URGENT), "Snooze").click()
    choice = site.dialog.get_by_role("option", name="Tomorrow")
    tomorrow = datetime.now(HERE).date() + timedelta(days=1)
    await expect(choice).to_contain_text(f"{tomorrow:%a}, {tomorrow.day} {tomorrow:%b} {tomorrow:%Y}, 09:00")

    await choice.click()

    await expect(site.task(URGENT)).to_have_count(0)
    await expect(site.view("Snoozed")).to_contain_text("1")
    until = datetime.fromisoformat((await stored(site, URGENT))["snoozed_until"]).astimezone(HERE)
    assert until == datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=HERE)


async def test_words_for_a_time_that_say_nothing_are_told_and_do_nothing(site: Site) -> None:
    await act(await site.open(URGENT), "Snooze").click()
    field = site.dialog.get_by_role("combobox", name="Until when")
    await field.fill("sometime or other")

    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(site.dialog.get_by_role("option")).to_have_count(0)
    await site.press("Enter", "Escape")

    await expect(site.dialog).to_have_count(0)
    assert (await stored(site, URGENT))["status"] == "open"


async def test_it_is_assigned_to_oneself_first_and_declined_only_with_a_reason(site: Site) -> None:
    panel = await site.open(URGENT)
    await act(panel, "Assign").click()
    await site.dialog.get_by_role("option").first.click()
    await expect(site.task(URGENT).locator("[data-column=assignee]")).not_to_be_empty()
    me = (await site.api("/auth/me"))["user"]["email"]
    await expect(site.notices).to_contain_text("Assigned")
    assert (await stored(site, URGENT))["assignee"] == me

    await act(panel, "Decline").click()
    await expect(site.dialog.get_by_role("option")).to_have_count(0)
    button = site.dialog.get_by_role("button", name="Decline", exact=True)
    await expect(button).to_be_disabled()
    await expect(button).to_have_attribute("title", "A reason is needed. It stands in the task's history.")
    await site.dialog.get_by_role("combobox", name="Why it is declined").fill("It is for the lawyers")
    await button.click()

    await expect(site.task(URGENT)).to_have_count(0)
    await site.view("Declined").click()
    await expect(site.task(URGENT)).to_contain_text("It is for the lawyers")


async def test_labels_are_put_on_and_taken_off_and_saved_at_once(site: Site) -> None:
    panel = await site.open(URGENT)
    await panel.get_by_role("button", name="Change labels").click()
    field = site.dialog.get_by_role("combobox", name="Label to put on or take off")
    for label in ("legal", "spring"):
        await field.fill(label)
        await site.dialog.get_by_role("option", name=f"New label: {label}").click()
    await site.dialog.get_by_role("button", name="Save 2 changes").click()
    await expect(panel.get_by_role("button", name="Change labels: legal spring")).to_be_visible()
    await expect(site.notices).to_contain_text(f"Labels legal, spring: {URGENT}")

    await panel.get_by_role("button", name="Change labels").click()
    await site.dialog.get_by_role("option", name="legal").click()
    await site.dialog.get_by_role("button", name="Save 1 change").click()

    await expect(panel.get_by_role("button", name="Change labels: spring")).to_be_visible()


async def test_two_tasks_are_merged_after_it_was_shown_which_one_stays(site: Site) -> None:
    before = await site.titles()
    panel = await site.open(URGENT)
    await panel.get_by_role("button", name="More that can be done").click()
    await site.page.get_by_role("menuitem", name="Merge into another").click()
    await site.dialog.get_by_role("combobox", name="The task that stays").fill("checkout")
    choice = site.dialog.get_by_role("option", name=DOWN)
    down = await stored(site, DOWN)
    await expect(choice).to_contain_text(f"#{down['id']} · {down['sender']}")
    await choice.click()
    await expect(site.dialog.get_by_role("listitem").first).to_contain_text(f"Stays{DOWN}")

    await site.dialog.get_by_role("button", name="Swap").click()
    await expect(site.dialog.get_by_role("listitem").first).to_contain_text(f"Stays{URGENT}")
    await site.dialog.get_by_role("button", name="Merge").click()
    await expect(site.task(DOWN)).to_have_count(0)
    await expect(site.notices).to_contain_text("Merged")

    await site.notices.get_by_role("button", name="Undo").click()
    await expect(site.tasks).to_have_count(len(before))


async def test_many_are_chosen_counted_and_completed_and_taken_back_as_one(site: Site) -> None:
    before = await site.titles()
    for title in before[:3]:
        await site.task(title).get_by_role("checkbox").click()
    await expect(site.bar).to_contain_text("3 selected")

    await site.bar.get_by_role("button", name="Complete").click()
    await expect(site.dialog.get_by_role("status")).to_have_text("3 tasks will change.")
    await site.dialog.get_by_role("button", name="Complete 3 tasks").click()
    await expect(site.tasks).to_have_count(len(before) - 3)
    await expect(site.notices).to_contain_text("Completed 3 tasks")

    await site.notices.get_by_role("button", name="Undo").click()
    await expect(site.tasks.get_by_role("link")).to_have_text(before)


async def test_the_focus_comes_back_to_what_opened_a_dialog(site: Site) -> None:
    panel = await site.open(URGENT)
    await act(panel, "Assign").focus()
    await site.press("Enter")
    await expect(site.dialog.get_by_role("combobox", name="To whom")).to_be_focused()

    await site.press("Escape")

    await expect(act(panel, "Assign")).to_be_focused()


async def test_at_phone_width_a_task_is_opened_snoozed_and_brought_back(site: Site) -> None:
    await site.page.set_viewport_size({"width": 390, "height": 844})
    await act(await site.open(URGENT), "Snooze").click()
    assert await site.width() == 390
    await site.dialog.get_by_role("option").first.click()
    await expect(site.notices).to_contain_text("Snoozed")

    async with site.page.expect_response(lambda answer: "/api/v1/undo/" in answer.url):
        await site.notices.get_by_role("button", name="Undo").click()

    await expect(act(site.panel, "Snooze")).to_be_visible()
    await expect(site.notices.get_by_role("button", name="Undo")).to_have_count(0)
    assert (await stored(site, URGENT))["status"] == "open"
