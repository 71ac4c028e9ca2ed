"""Importing: files are chosen or dropped on any page, go on while pages change, and end in a report that adds up."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import JSHandle, Page, Route, expect

from tests.browser import mailbox
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IMPORT = "**/integrations/import"
DROPPED = """(text) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], "inbox.mbox"));
  return carried;
}"""


@pytest.fixture
def opened(page: Page) -> Site:
    return Site(page)


@pytest.fixture
def mail(letters: Path) -> str:
    return letters.read_text()


async def carried(page: Page, text: str) -> JSHandle:
    """A file as the pointer carries it over the page."""
    return await page.evaluate_handle(DROPPED, text)


async def test_the_first_import_is_begun_by_choosing_a_file_and_its_report_adds_up(opened: Site, letters: Path) -> None:
    page = opened.page
    await opened.go("/", "Queue")
    await page.get_by_role("region", name="Bring in your work").get_by_role("button", name="Import…").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose files").click()
    await (await chooser.value).set_files(letters)

    report = opened.imported("inbox.mbox")
    await expect(report).to_contain_text("10 read = 10 new + 0 updated + 0 unchanged + 0 refused", timeout=20_000)
    await expect(report).to_contain_text("9 new tasks, 1 of them set aside as not for us")
    await expect(report.get_by_role("list", name="Warnings")).to_contain_text("yesterday-ish")
    await expect(page.get_by_role("grid").get_by_role("link", name="Signed data agreement")).to_be_visible()


async def test_a_file_that_is_dropped_on_any_page_is_imported(opened: Site, mail: str) -> None:
    page = opened.page
    await opened.go("/rules", "Rules")
    files = await carried(page, mail)

    await page.dispatch_event("main", "dragenter", {"dataTransfer": files})
    zone = page.get_by_text("Drop to import")
    await expect(zone).to_be_visible()
    await zone.dispatch_event("drop", {"dataTransfer": files})

    await expect(zone).to_have_count(0)
    await expect(opened.imported("inbox.mbox")).to_contain_text("10 read = 10 new", timeout=20_000)
    [made] = (await opened.api("/integrations"))["items"]
    assert (made["private"], made["items"]) == (False, 10)


async def test_what_is_dropped_for_oneself_is_seen_by_nobody_else(opened: Site, mail: str) -> None:
    page = opened.page
    await opened.go("/", "Queue")
    files = await carried(page, mail)

    await page.dispatch_event("main", "dragenter", {"dataTransfer": files})
    await page.get_by_text("Only for me").dispatch_event("drop", {"dataTransfer": files})

    await expect(opened.imported("inbox.mbox")).to_contain_text("10 read = 10 new", timeout=20_000)
    [made] = (await opened.api("/integrations"))["items"]
    assert made["private"]


async def test_only_for_me_is_chosen_in_the_dialog_too(opened: Site, letters: Path) -> None:
    page = opened.page
    await opened.go("/integrations", "Integrations")
    await page.get_by_role("button", name="Import", exact=True).click()
    await page.get_by_label("Only for me").check()
    await page.get_by_label("Files to import").set_input_files(letters)

    await expect(opened.imported("inbox.mbox")).to_be_visible(timeout=20_000)
    made = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="mbox", level=3))
    await expect(made).to_contain_text("Private")


async def test_a_file_dragged_over_the_page_and_away_again_leaves_it_as_it_was(opened: Site, mail: str) -> None:
    page = opened.page
    await opened.go("/", "Queue")
    files = await carried(page, mail)

    await page.dispatch_event("main", "dragenter", {"dataTransfer": files})
    await expect(page.get_by_text("Drop to import")).to_be_visible()
    await page.dispatch_event("main", "dragleave", {"dataTransfer": files})

    await expect(page.get_by_text("Drop to import")).to_have_count(0)
    assert (await opened.api("/integrations"))["items"] == []


async def test_how_far_it_is_shows_and_goes_on_while_another_page_is_looked_at(opened: Site, letters: Path) -> None:
    page = opened.page
    let_go = asyncio.Event()

    async def slowly(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await page.route(IMPORT, slowly)
    await opened.choose(letters)
    imports = page.get_by_role("region", name="Imports")
    await expect(imports.get_by_role("heading", name="Importing 1 file")).to_be_visible()
    await expect(imports.get_by_role("progressbar", name="Progress of inbox.mbox")).to_be_visible()
    await expect(imports).to_contain_text("Sending")

    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="People").click()
    await expect(page.get_by_role("heading", level=1, name="People")).to_be_visible()
    await expect(imports.get_by_role("progressbar")).to_be_visible()
    let_go.set()

    await expect(opened.imported("inbox.mbox")).to_contain_text("10 read = 10 new", timeout=20_000)


async def test_what_was_not_sent_yet_can_be_stopped(opened: Site, letters: Path) -> None:
    page = opened.page
    never = asyncio.Event()

    async def withheld(route: Route) -> None:
        await never.wait()
        await route.abort()

    await page.route(IMPORT, withheld)
    await opened.choose(letters)
    imports = page.get_by_role("region", name="Imports")
    await imports.get_by_role("button", name="Cancel").click()

    await expect(imports).to_have_count(0)
    await expect(page.get_by_role("status").filter(has_text="inbox.mbox was not imported.")).to_have_count(1)
    never.set()
    assert (await opened.api("/integrations"))["items"] == []


async def test_several_files_are_imported_one_after_the_other(opened: Site, letters: Path, tmp_path: Path) -> None:
    other = mailbox.write(tmp_path / "more.mbox", datetime.now(UTC))

    await opened.choose(letters, other)

    await expect(opened.imported("inbox.mbox")).to_be_visible(timeout=20_000)
    await expect(opened.imported("more.mbox")).to_be_visible(timeout=20_000)
    await opened.page.get_by_role("button", name="Dismiss inbox.mbox").click()
    await expect(opened.imported("inbox.mbox")).to_have_count(0)
    await expect(opened.imported("more.mbox")).to_be_visible()


async def test_importing_the_same_again_changes_nothing(opened: Site, letters: Path) -> None:
    await opened.bring(letters)

    await opened.choose(letters)

    await expect(opened.imported("inbox.mbox")).to_contain_text(
        "10 read = 0 new + 0 updated + 10 unchanged + 0 refused", timeout=20_000
    )


async def test_a_file_that_nobody_can_read_is_refused_with_what_can_be(opened: Site, tmp_path: Path) -> None:
    page = opened.page
    holiday = tmp_path / "holiday.jpg"
    holiday.write_bytes(b"\xff\xd8\xff\xe0 a picture")

    await opened.choose(holiday)

    refused = page.get_by_role("article", name="holiday.jpg was not imported")
    await expect(refused.get_by_role("alert")).to_contain_text("holiday.jpg")
    await expect(refused.get_by_role("alert")).to_contain_text("In the log as")
    await expect(refused.get_by_role("button", name="Retry")).to_have_count(0)
    await refused.get_by_role("button", name="Choose another file").click()
    await expect(page.get_by_role("dialog", name="Import files")).to_be_visible()
    await expect(refused).to_have_count(0)


async def test_a_file_whose_way_was_cut_is_sent_once_more_and_imported_once(opened: Site, letters: Path) -> None:
    page = opened.page

    async def answer_lost(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route(IMPORT, answer_lost)
    await opened.choose(letters)
    refused = page.get_by_role("article", name="inbox.mbox was not imported")
    await expect(refused.get_by_role("alert")).to_be_visible()

    await page.unroute(IMPORT)
    await refused.get_by_role("button", name="Retry").click()

    await expect(opened.imported("inbox.mbox")).to_contain_text("10 read = 10 new", timeout=20_000)
    assert len((await opened.api("/sync/runs"))["items"]) == 1


async def test_after_a_reload_what_is_under_way_is_shown_again(opened: Site, letters: Path) -> None:
    page = opened.page
    let_go = asyncio.Event()

    async def held(route: Route) -> None:
        answer = await route.fetch()
        run = await answer.json()
        over = let_go.is_set()
        await route.fulfill(response=answer, json=run if over else run | {"state": "running", "finished_at": None})

    await page.route("**/sync/runs/*", held)
    await opened.choose(letters)
    imports = page.get_by_role("region", name="Imports")
    await expect(imports).to_contain_text("10 read, 10 new", timeout=20_000)
    await page.reload()

    await expect(imports).to_contain_text("10 read, 10 new", timeout=20_000)
    let_go.set()
    await expect(opened.imported("inbox.mbox")).to_contain_text("10 read = 10 new", timeout=20_000)
