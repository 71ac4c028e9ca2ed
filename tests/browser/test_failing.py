"""When the API fails, refuses, is slow or is not there: what was done is said and tried again, and happens once."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, Route, expect

from app.domains.identity.rules import Role
from tests.browser.people import sign_in
from tests.browser.site import Site
from tests.browser.test_acting import URGENT, stored

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COMPLETE = "**/api/v1/tasks/*/complete"
LISTS = "**/api/v1/tasks?*"


async def away(route: Route) -> None:
    """No answer."""
    await route.abort()


async def complete(site: Site) -> None:
    await site.task(URGENT).focus()
    await site.press("e")


async def test_an_error_is_told_with_its_id_and_retry_works(site: Site, tmp_path: Path) -> None:
    before = await site.titles()
    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        database.execute("ALTER TABLE integrations RENAME TO away")
    await site.page.reload()

    problem = site.page.get_by_role("main").get_by_role("alert").first
    await expect(problem).to_contain_text("does not answer at the moment", timeout=30_000)
    assert len(await problem.locator("code").inner_text()) == 32

    with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database:
        database.execute("ALTER TABLE away RENAME TO integrations")
    await problem.get_by_role("button", name="Retry").click()
    await expect(site.tasks).to_have_count(len(before))
    await expect(problem).to_have_count(0)


async def test_an_act_that_the_server_fails_at_comes_back_and_is_told_with_its_id(site: Site) -> None:
    before = await site.titles()
    log = "0123456789abcdef0123456789abcdef"

    async def broken(route: Route) -> None:
        problem = {"status": 500, "title": "Something went wrong", "detail": "Try again.", "correlation_id": log}
        await route.fulfill(status=500, content_type="application/problem+json", json=problem)

    await site.page.route(COMPLETE, broken)
    await complete(site)
    problem = site.notices.get_by_role("alert")
    await expect(problem).to_contain_text(f"In the log as {log}")
    await expect(site.task(URGENT)).to_be_visible()
    assert await site.titles() == before

    await site.page.unroute(COMPLETE)
    await problem.get_by_role("button", name="Retry").click()
    await expect(site.task(URGENT)).to_have_count(0)
    await expect(problem).to_have_count(0)
    await expect(site.notices).to_contain_text("Completed")


async def test_an_act_whose_answer_was_lost_happens_once(site: Site) -> None:
    keys: list[str | None] = []

    async def lost_once(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        answer = await route.fetch()
        if len(keys) == 1:
            await route.abort()
        else:
            await route.fulfill(response=answer)

    task = await stored(site, URGENT)
    await site.page.route(COMPLETE, lost_once)
    await complete(site)
    await expect(site.notices).to_contain_text(f"Completed: {URGENT}")

    assert len(keys) == 2
    assert keys[0] == keys[1] is not None
    assert (await stored(site, URGENT))["version"] == task["version"] + 1
    await expect(site.dialog).to_have_count(0)


async def test_without_a_server_an_act_is_taken_back_and_can_be_tried_again(site: Site) -> None:
    before = await site.titles()
    await site.page.route(COMPLETE, away)
    await complete(site)

    problem = site.notices.get_by_role("alert")
    await expect(problem).to_contain_text("The server does not answer")
    assert await site.titles() == before

    await site.page.unroute(COMPLETE)
    await problem.get_by_role("button", name="Retry").click()
    await expect(site.task(URGENT)).to_have_count(0)


async def test_what_is_refused_says_so_and_offers_no_retry(site: Site) -> None:
    async def refused(route: Route) -> None:
        problem = {"status": 403, "title": "Not allowed", "detail": "Operators may do this. Ask an admin."}
        await route.fulfill(status=403, content_type="application/problem+json", json=problem)

    await site.page.route(COMPLETE, refused)
    await complete(site)

    problem = site.notices.get_by_role("alert")
    await expect(problem).to_contain_text("Ask an admin")
    await expect(problem.get_by_role("button", name="Retry")).to_have_count(0)
    await expect(site.task(URGENT)).to_be_visible()


async def test_who_may_only_read_is_offered_nothing_to_act(filled: None, stranger: Page, served: FastAPI) -> None:
    await sign_in(stranger, served, Role.VIEWER, email="vera@workshop.example")
    site = Site(stranger)
    await site.visit()
    await expect(site.tasks.get_by_role("checkbox")).to_have_count(0)
    await expect(stranger.get_by_role("button", name="Claim next")).to_have_count(0)

    panel = await site.open(URGENT)
    await site.press("e", "s", "x", "c")

    await expect(panel.get_by_role("button", name="Complete")).to_have_count(0)
    await expect(site.dialog).to_have_count(0)
    await expect(site.task(URGENT)).to_be_visible()


async def test_a_slow_server_is_waited_for_with_rows_in_the_shape_they_will_have(site: Site) -> None:
    come = asyncio.Event()

    async def slow(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await site.page.route(LISTS, slow)
    await site.page.reload()
    await expect(site.page.get_by_role("status").filter(has_text="Asking for the queue")).to_be_attached()
    await expect(site.page.get_by_role("button", name="Claim next")).to_be_visible()

    come.set()
    await expect(site.task(URGENT)).to_be_visible()


async def test_an_act_is_shown_before_a_slow_server_has_answered(site: Site) -> None:
    come = asyncio.Event()

    async def slow(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await site.page.route(COMPLETE, slow)
    await complete(site)
    await expect(site.task(URGENT)).to_have_count(0)
    assert (await stored(site, URGENT))["status"] == "open"

    come.set()
    await expect(site.notices).to_contain_text(f"Completed: {URGENT}")
    assert (await stored(site, URGENT))["status"] == "done"


async def test_offline_the_act_waits_no_longer_than_it_is_worth_and_is_tried_again_after(site: Site) -> None:
    await site.page.context.set_offline(True)
    await complete(site)
    problem = site.notices.get_by_role("alert")
    await expect(problem).to_contain_text("The server does not answer")
    await expect(site.task(URGENT)).to_be_visible()

    await site.page.context.set_offline(False)
    await problem.get_by_role("button", name="Retry").click()

    await expect(site.task(URGENT)).to_have_count(0)
    await expect(site.notices).to_contain_text("Completed")


async def test_without_a_server_the_first_task_that_is_opened_waits_for_its_part_of_the_program(site: Site) -> None:
    """What shows a task is fetched when it is needed first; a page that is loaded anew then would be gone."""
    page = site.page
    await page.reload()
    await expect(site.task(URGENT)).to_be_visible()
    for what in ("**/assets/task-panel-*.js", "**/health/live"):
        await page.route(what, away)
    await page.evaluate("globalThis.stillHere = true")

    await site.task(URGENT).get_by_role("link").click()
    await expect(site.panel).to_be_visible()
    await asyncio.sleep(1)
    assert await page.evaluate("globalThis.stillHere")

    for what in ("**/assets/task-panel-*.js", "**/health/live"):
        await page.unroute(what)
    await site.opened(URGENT)
    assert await page.evaluate("globalThis.stillHere")
