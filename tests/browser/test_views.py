"""What is asked of the queue and kept: filter chips, views that others see, grouping, columns, and all that match."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Browser, Locator, Page, Route, expect

from app.domains.identity.rules import Role
from tests.browser import people, thousands
from tests.browser.site import Site
from tests.browser.test_acting import DOWN, URGENT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BEN = "ben@workshop.example"
FILLED = 600
"""Three of five are open: more than are loaded before somebody scrolls."""
MORE_PEOPLE = 53
"""Than the counts name."""


@pytest_asyncio.fixture(loop_scope="session")
async def ben(site: Site, browser: Browser, address: str, served: FastAPI) -> AsyncIterator[Site]:
    """Another person's browser, who may act and rules nothing."""
    context = await browser.new_context(base_url=address, viewport={"width": 1200, "height": 850})
    context.set_default_timeout(15_000)
    other = Site(await context.new_page())
    await people.sign_in(other.page, served, Role.OPERATOR, email=BEN)
    yield other
    await context.close()


@pytest.fixture
def many(sqlite_template: Path, tmp_path: Path) -> None:
    """The server finds hundreds of open tasks."""
    thousands.write(sqlite_template, tmp_path / "watchfloor.db", FILLED)


@pytest_asyncio.fixture(loop_scope="session")
async def long_site(many: None, page: Page) -> Site:
    site = Site(page)
    await site.visit()
    return site


def chip(site: Site, name: str) -> Locator:
    return site.page.get_by_role("group", name="Filters").get_by_role("button", name=re.compile(rf"^{name}(:|$)"))


async def choose(site: Site, name: str, *values: str) -> None:
    """Open a filter's menu, take values, and close it."""
    await chip(site, name).click()
    for value in values:
        await site.page.get_by_role("menuitemcheckbox", name=value).click()
    await site.press("Escape")
    await expect(site.page.get_by_role("menu")).to_have_count(0)
    await site.settled()


async def views(site: Site, item: str, role: Literal["menuitem", "menuitemradio"] = "menuitem") -> None:
    """Take something from the menu of views."""
    await site.page.get_by_role("button", name=re.compile("^Views?(:|$)")).click()
    await site.page.get_by_role(role, name=item).click()


async def display(site: Site) -> Locator:
    await site.page.get_by_role("button", name="Display").click()
    shown = site.page.get_by_role("dialog", name="Display")
    await expect(shown).to_be_visible()
    return shown


async def test_filters_hold_together_stand_in_the_address_and_are_cleared_one_by_one_or_all(site: Site) -> None:
    everything = await site.titles()
    await site.api(f"/tasks/{(await site.api('/tasks?q=auditors'))['items'][0]['id']}", "PATCH", assignee="Ben Bold")

    await choose(site, "Band", "Now", "Next")
    await choose(site, "Assignee", "Nobody")

    await expect(chip(site, "Band")).to_have_accessible_name("Band: Now, Next")
    await expect(site.task(URGENT)).to_have_count(0)
    await expect(site.task(DOWN)).to_be_visible()
    assert "band=now%2Cnext" in site.page.url
    assert "assignee=none" in site.page.url

    await site.page.get_by_role("button", name="Any assignee").click()
    await expect(site.task(URGENT)).to_be_visible()
    await site.page.get_by_role("button", name="Clear filters").click()
    await expect(site.tasks).to_have_count(len(everything))
    assert "band" not in site.page.url


async def test_a_view_is_saved_shared_seen_by_another_renamed_and_deleted(site: Site, ben: Site) -> None:
    await choose(site, "Turn", "Our turn")
    mine = await site.titles()
    await views(site, "Save this as a view…")
    await site.dialog.get_by_label("Name").fill("Ours")
    await site.dialog.get_by_label("Share with everybody").check(force=True)
    await site.dialog.get_by_role("button", name="Save").click()
    await expect(site.page.get_by_role("button", name="View: Ours")).to_be_visible()

    await ben.visit()
    await views(ben, "Ours", "menuitemradio")
    await expect(chip(ben, "Turn")).to_have_accessible_name("Turn: Our turn")
    await ben.settled()
    assert await ben.titles() == mine
    await ben.page.get_by_role("button", name="View: Ours").click()
    await expect(ben.page.get_by_role("menuitem", name="The whole queue")).to_be_visible()
    await expect(ben.page.get_by_role("menuitem", name="Rename…")).to_have_count(0)

    await views(site, "Rename…")
    await site.dialog.get_by_label("Name").fill("What we owe")
    await site.dialog.get_by_role("button", name="Save").click()
    await expect(site.page.get_by_role("button", name="View: What we owe")).to_be_visible()
    await ben.page.reload()
    await expect(ben.page.get_by_role("button", name="View: What we owe")).to_be_visible()

    await views(site, "Delete…")
    await expect(site.dialog).to_contain_text("for everybody who sees it")
    await site.dialog.get_by_role("button", name="Delete").click()
    await expect(site.dialog).to_have_count(0)
    await ben.visit()
    await ben.page.get_by_role("button", name="Views").click()
    await expect(ben.page.get_by_role("menuitem", name="Save this as a view…")).to_be_visible()
    await expect(ben.page.get_by_role("menuitemradio")).to_have_count(0)


async def test_what_a_view_shows_is_changed_and_the_change_is_kept(site: Site) -> None:
    await choose(site, "Turn", "Our turn")
    await views(site, "Save this as a view…")
    await site.dialog.get_by_label("Name").fill("Ours")
    await site.dialog.get_by_role("button", name="Save").click()
    await choose(site, "Band", "Now")

    await site.page.get_by_role("button", name="Changed · Save").click()

    await expect(site.page.get_by_role("button", name="Changed · Save")).to_have_count(0)
    [saved] = (await site.api("/views"))["items"]
    assert (saved["filter"]["turn"], saved["filter"]["band"]) == (["ours"], ["now"])
    await views(site, "The whole queue")
    await expect(chip(site, "Band")).to_have_accessible_name("Band")


async def test_under_assignees_every_task_is_listed_also_of_those_whom_the_counts_do_not_name(site: Site) -> None:
    for number in range(MORE_PEOPLE):
        await site.api("/tasks", "POST", title=f"Of person {number:02}", assignee=f"person {number:02}")
    total = (await site.api("/tasks/counts"))["total"]
    await site.visit()

    await (await display(site)).get_by_label("Group by").select_option("assignee")
    await site.press("Escape")
    await expect(site.page.get_by_role("row", name="Nobody’s").first).to_be_visible()
    await site.tasks.first.focus()
    end = site.page.get_by_text("That is all:")
    while not await end.is_visible():
        await site.press("End")
        await site.page.wait_for_timeout(50)

    await expect(end).to_have_text(f"That is all: {total} tasks.")
    await expect(site.page.get_by_role("row", name="Others").first).to_contain_text("4")


async def test_columns_are_taken_off_and_put_on_and_stay_so(site: Site) -> None:
    row = site.task(URGENT)
    assignee, priority = row.locator("[data-column=assignee]"), row.locator("[data-column=priority]")
    await expect(assignee).to_have_count(1)
    menu = await display(site)

    await menu.get_by_label("Assignee").uncheck()
    await menu.get_by_label("Priority").check()
    await site.press("Escape")

    await expect(assignee).to_have_count(0)
    await expect(priority).to_have_count(1)
    await site.visit("/")
    await expect(priority).to_have_count(1)
    await expect(assignee).to_have_count(0)


async def test_all_that_match_are_counted_completed_and_taken_back_as_one(long_site: Site) -> None:
    site = long_site
    total = (await site.api("/tasks/counts"))["total"]
    # The first two pages: more comes only to who scrolls.
    await site.page.wait_for_function("document.querySelector('[role=grid]').offsetHeight > 260 * 60")
    await site.page.get_by_role("checkbox", name="Select all tasks of the list").check()
    await site.bar.get_by_role("button", name=f"Select all {total} that match").click()
    await expect(site.bar.get_by_role("status")).to_have_text(f"{total} selected")

    await site.bar.get_by_role("button", name="Complete").click()
    await expect(site.dialog.get_by_role("status")).to_have_text(f"{total} tasks will change.")
    await site.dialog.get_by_role("button", name=f"Complete {total} tasks").click()
    await expect(site.notices).to_contain_text(f"Completed {total} tasks")
    await expect(site.tasks).to_have_count(0)
    assert (await site.api("/tasks/counts"))["total"] == 0

    await site.notices.get_by_role("button", name="Undo").click()
    await expect(site.tasks.first).to_be_visible()
    await expect(site.view("Open")).to_contain_text(str(total))
    assert (await site.api("/tasks/counts"))["total"] == total


async def test_more_than_can_be_done_at_once_are_not_offered(long_site: Site) -> None:
    async def more(route: Route) -> None:
        counts = await (await route.fetch()).json()
        await route.fulfill(json={**counts, "total": 50_000})

    await long_site.page.route("**/api/v1/tasks/counts*", more)
    await long_site.visit()
    await long_site.tasks.first.focus()
    await long_site.press("Control+a")

    await expect(long_site.bar).to_contain_text("50,000 match. Filter them to at most 10,000")
    await expect(long_site.bar.get_by_role("button", name="Select all")).to_have_count(0)
