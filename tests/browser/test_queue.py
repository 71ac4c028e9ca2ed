"""The page at /: importing, reading why, acting, and what it says when something fails."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

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

    await expect(page.get_by_text("Nothing here yet: import what you have")).to_be_visible()
    await expect(page.get_by_text("watchfloor import inbox.mbox")).to_be_visible()
    async with page.expect_file_chooser():
        await page.get_by_role("button", name="Choose a file").click()


async def test_an_import_shows_progress_then_its_report_then_the_queue(page: Page, tmp_path: Path) -> None:
    site = Site(page)
    await site.visit()
    file = mailbox.write(tmp_path / "big.mbox", datetime.now(UTC), broken=True, copies=40)

    await page.locator("#file").set_input_files(file)
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.locator(".equation")).to_have_text(
        "361 read = 361 new + 0 updated + 0 unchanged + 0 refused", timeout=20_000
    )

    report = page.locator(".import")
    await expect(report).to_contain_text("Imported big.mbox")
    await expect(report).to_contain_text("set aside as not for us")
    await expect(report.locator("summary")).to_have_text("1 warning")
    await expect(report).to_contain_text("yesterday-ish")
    await expect(site.tasks).to_have_count(20)


async def test_a_file_of_no_known_kind_is_refused_with_a_reason_and_can_be_dismissed(
    page: Page, tmp_path: Path
) -> None:
    await Site(page).visit()
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))

    await page.locator("#file").set_input_files(file)

    refusal = page.get_by_role("alert")
    await expect(refusal).to_contain_text("This file can't be read")
    await expect(refusal).to_contain_text("picture.png")
    await expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.locator(".import")).to_have_count(0)


async def test_after_a_refused_file_another_one_can_be_chosen(page: Page, tmp_path: Path) -> None:
    await Site(page).visit()
    (tmp_path / "notes.txt").write_text("Dear diary")
    await page.locator("#file").set_input_files(tmp_path / "notes.txt")

    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose another file").click()

    assert (await chooser.value).is_multiple()
    await expect(page.locator(".import")).to_have_count(0)


async def test_a_file_may_be_dropped_on_the_page(page: Page, letters: Path) -> None:
    text = await asyncio.to_thread(letters.read_text)
    site = Site(page)
    await site.visit()
    transfer = await page.evaluate_handle(
        """text => {
          const held = new DataTransfer();
          held.items.add(new File([text], "dropped.mbox"));
          return held;
        }""",
        text,
    )

    await page.dispatch_event("body", "dragenter", {"dataTransfer": transfer})
    await expect(page.get_by_text("Drop to import")).to_be_visible()
    await page.dispatch_event("body", "drop", {"dataTransfer": transfer})

    await expect(page.locator(".import")).to_contain_text("Imported dropped.mbox")
    await expect(page.get_by_text("Drop to import")).to_be_hidden()


async def test_a_row_says_from_whom_from_where_whose_turn_and_why(site: Site) -> None:
    row = site.task("Checkout is down for all customers")

    for part in ("Marek Dvorak", "mbox", "Our turn for 5 h", "Please call me as soon as you can", "Checkout is down"):
        await expect(row).to_contain_text(part)
    await expect(site.page.get_by_role("heading", name="Now", exact=True)).to_be_visible()


async def test_the_shown_points_add_up_to_the_shown_sum(site: Site) -> None:
    for title in await site.titles():
        task = await site.open(title)
        terms = await task.locator(".sum .points").all_inner_texts()
        total = await task.locator(".total .points").inner_text()

        assert sum(map(shown_number, terms)) == shown_number(total), title
        assert 0 <= shown_number((await task.locator(".score").inner_text()).removeprefix("Score")) <= 100


async def test_an_opened_task_shows_its_conversation_and_what_was_also_checked(site: Site) -> None:
    task = await site.open("Question about the export format")

    await expect(task.locator(".message")).to_have_count(2)
    await expect(task.get_by_text("Which date did you have in mind?")).to_be_visible()
    await expect(task.get_by_text("> contain archived projects?")).to_be_hidden()
    await task.get_by_text("Quoted history").click()
    await expect(task.locator(".message details pre")).to_be_visible()
    await expect(task.locator(".checked")).to_be_hidden()
    await task.get_by_text("Also checked").click()
    await expect(task.locator(".checked li").first).to_be_visible()


async def test_text_of_a_mail_is_shown_as_text(site: Site) -> None:
    task = await site.open(MARKUP)

    await expect(task.locator(".message")).to_contain_text("<b>this</b><script>")
    assert await site.page.title() == "Watchfloor"
    await expect(task.locator("img, script, b")).to_have_count(0)


async def test_times_are_relative_and_carry_the_exact_time_of_the_viewers_zone(site: Site) -> None:
    [task] = (await site.api("/tasks?q=slides"))["items"]
    due = site.task(task["title"]).locator("time[data-phrase=due]")

    left = datetime.fromisoformat(task["due_at"]) - datetime.now(UTC)
    await expect(due).to_have_text(f"Due in {left.days} days")
    title = await due.get_attribute("title")
    assert title is not None
    assert title.endswith(("EST", "EDT", "GMT-4", "GMT-5"))


async def test_a_task_is_completed_and_brought_back_by_keyboard(site: Site) -> None:
    before = await site.titles()
    await site.page.keyboard.press("j")
    await site.page.keyboard.press("j")
    assert await site.focused() == before[1]

    await site.page.keyboard.press("e")
    await expect(site.task(before[1])).to_have_count(0)
    assert await site.focused() == before[2]
    await expect(site.view("Done")).to_contain_text("1")

    await site.page.keyboard.press("u")
    await expect(site.task(before[1])).to_be_visible()
    assert await site.titles() == before
    await expect(site.task(before[1]).locator(".open")).to_be_focused()


async def test_the_offer_to_undo_can_be_clicked(site: Site) -> None:
    task = await site.open(URGENT)
    await task.get_by_role("button", name="Complete").click()

    await site.page.get_by_role("button", name="Undo").click()

    await expect(site.task(URGENT)).to_be_visible()
    await expect(site.page.get_by_role("button", name="Undo")).to_have_count(0)


async def test_snooze_means_tomorrow_at_nine_where_the_viewer_is(site: Site) -> None:
    await site.page.keyboard.press("j")
    await site.page.keyboard.press("s")
    await expect(site.view("Snoozed")).to_contain_text("1")

    [task] = (await site.api("/tasks?status=snoozed"))["items"]
    here = ZoneInfo("America/New_York")
    tomorrow = datetime.now(here).date() + timedelta(days=1)
    assert datetime.fromisoformat(task["snoozed_until"]).astimezone(here) == datetime(
        tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=here
    )


async def test_what_was_set_aside_is_there_with_its_reason_and_can_become_a_task(site: Site) -> None:
    await site.view("Set aside").click()
    task = site.task("What moved this week")
    await expect(task).to_contain_text("List-Unsubscribe")

    await task.locator(".open").focus()
    await site.page.keyboard.press("r")
    await expect(task).to_have_count(0)

    await site.view("Open").click()
    await expect(task).to_be_visible()


async def test_search_narrows_the_queue_and_says_when_nothing_matches(site: Site) -> None:
    await site.page.keyboard.press("/")
    await site.page.keyboard.type("checkout")
    await expect(site.tasks).to_have_count(1)
    assert await site.titles() == ["Checkout is down for all customers"]

    await site.page.get_by_role("searchbox").fill("nothinglikethat")
    await expect(site.page.get_by_text("No task matches «nothinglikethat»")).to_be_visible()

    await site.page.get_by_role("button", name="Clear the search").click()
    await expect(site.task(URGENT)).to_be_visible()


async def test_show_more_goes_on_where_the_page_ended(page: Page, tmp_path: Path) -> None:
    site = Site(page)
    await site.visit()
    await site.bring(mailbox.write(tmp_path / "long.mbox", datetime.now(UTC), copies=4))
    await expect(site.tasks).to_have_count(20)

    await page.get_by_role("button", name="Show more").click()

    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    everything = await site.api("/tasks?limit=200")
    assert await site.titles() == [task["title"] for task in everything["items"]]
    assert await page.locator(".rank").all_inner_texts() == [
        str(rank) for rank in range(1, len(everything["items"]) + 1)
    ]


async def test_an_error_is_told_with_its_id_and_retry_works(site: Site, tmp_path: Path) -> None:
    before = await site.titles()
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        database.execute("ALTER TABLE integrations RENAME TO away")
    await site.view("Open").click()

    problem = site.page.get_by_role("alert")
    await expect(problem).to_contain_text("does not answer at the moment")
    assert len(await problem.locator("code").inner_text()) == 32

    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        database.execute("ALTER TABLE away RENAME TO integrations")
    await problem.get_by_role("button", name="Retry").click()
    await expect(site.tasks).to_have_count(len(before))
    await expect(problem).to_have_count(0)


async def test_without_a_server_the_page_says_so_and_keeps_what_it_shows(site: Site) -> None:
    before = await site.titles()
    await site.page.context.set_offline(True)
    await site.page.keyboard.press("j")
    await site.page.keyboard.press("e")

    problem = site.page.get_by_role("alert")
    await expect(problem).to_contain_text("The server does not answer")
    assert await site.titles() == before

    await site.page.context.set_offline(False)
    await problem.get_by_role("button", name="Retry").click()
    await expect(site.task(before[0])).to_have_count(0)


async def test_what_somebody_else_changed_is_shown_before_it_is_acted_on(site: Site) -> None:
    listed = (await site.api("/tasks?limit=1"))["items"][0]
    await site.api(f"/tasks/{listed['id']}", "PATCH", title="Now with another title")

    await site.page.keyboard.press("j")
    await site.page.keyboard.press("e")

    task = site.task("Now with another title")
    await expect(task.get_by_role("alert")).to_contain_text("changed since you looked")
    await task.get_by_role("button", name="Retry").click()
    await expect(task).to_have_count(0)
