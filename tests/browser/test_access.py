"""Who can use the queue: small screens, the keyboard alone, screen readers, and who asked that nothing moves.

What axe-core can tell of every page is in test_axe.py.
"""

from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import axe
from tests.browser.people import EMAIL
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


NAME = "(n => (n.getAttribute('aria-label') || n.innerText || '').split('\\n')[0].trim())(document.activeElement)"


async def evaluate(page: Page, program: str) -> Any:
    return await page.evaluate(program)


async def test_a_phone_needs_no_horizontal_scrolling(site: Site) -> None:
    await site.page.set_viewport_size({"width": 360, "height": 740})
    for title in (await site.titles())[:4]:
        task = await site.open(title)
        assert await site.width() == 360
        await task.get_by_role("button", name="Close", exact=True).click()

    await site.view("Set aside").click()
    await expect(site.task("What moved this week")).to_be_visible()
    assert await site.width() == 360


async def test_all_that_is_folded_open_can_be_read_too(site: Site) -> None:
    await site.page.emulate_media(reduced_motion="reduce")
    task = await site.open((await site.titles())[0])
    for folded in await task.locator("details:not([open]) > summary, [aria-expanded=false]:not([aria-haspopup])").all():
        if await folded.is_visible():
            await folded.click()
    await expect(task.locator("[aria-busy=true]")).to_have_count(0)

    await axe.assert_none(site.page)


async def test_the_landmarks_are_there_and_headings_follow_each_other(site: Site) -> None:
    await site.open((await site.titles())[0])

    for landmark in ("banner", "main"):
        await expect(site.page.get_by_role(landmark)).to_have_count(1)
    await expect(site.page.get_by_role("navigation", name="Pages")).to_have_count(1)
    levels = await evaluate(
        site.page,
        "[...document.querySelectorAll('h1,h2,h3,h4')].filter(n => n.checkVisibility()).map(n => +n.tagName[1])",
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


async def test_tab_leads_through_the_page_in_reading_order_and_into_the_list_once(site: Site) -> None:
    seen = []
    for _ in range(40):
        await site.page.keyboard.press("Tab")
        seen.append(await evaluate(site.page, NAME))
        if await evaluate(site.page, "document.activeElement.matches('[data-task]')"):
            break

    assert seen[:2] == ["Skip to the content", "Watchfloor"]
    order = ["Queue", "Settings", f"Account of {EMAIL}", "Search tasks", "Display"]
    places = [seen.index(name) for name in order]
    assert places == sorted(places)
    await expect(site.page.locator("[data-task]:focus")).to_contain_text((await site.titles())[0])
    await site.page.keyboard.press("Tab")
    assert not await evaluate(site.page, "document.activeElement.matches('[data-task]')"), "one stop for the whole list"


async def test_whoever_skips_stands_in_the_content(site: Site) -> None:
    await site.page.keyboard.press("Tab")
    await expect(site.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await site.page.keyboard.press("Enter")

    await site.page.keyboard.press("Tab")

    assert await evaluate(site.page, "document.querySelector('main').contains(document.activeElement)")


async def test_a_row_says_whether_it_is_open(site: Site) -> None:
    await site.page.keyboard.press("j")
    row = site.page.locator("[data-task]:focus")
    await expect(row).to_have_count(1)
    await expect(row).not_to_have_attribute("aria-current", "true")

    await site.page.keyboard.press("Enter")
    await expect(site.page.locator("[data-task][aria-current=true]")).to_have_count(1)
    await expect(site.panel.get_by_role("heading", name="Why").first).to_be_visible()

    await site.page.keyboard.press("Escape")
    await expect(site.panel).to_have_count(0)
    await expect(site.page.locator("[data-task][aria-current=true]")).to_have_count(0)
    await expect(row).to_have_count(1)  # the focus is back where it was


async def test_keys_are_explained_and_can_be_switched_off(site: Site) -> None:
    await site.page.keyboard.press("?")
    help_ = site.page.get_by_role("dialog", name="Keys on this page")
    await expect(help_).to_contain_text("Snooze")
    await help_.get_by_role("switch", name="Single letters are keys").click()
    await help_.get_by_role("button", name="Close").click()
    before = await site.titles()

    await site.tasks.first.focus()
    await site.page.keyboard.press("e")
    await site.visit()
    await expect(site.tasks).to_have_count(len(before))
    await site.page.keyboard.press("?")
    await expect(help_).to_have_count(0)


async def test_writing_in_the_search_box_does_nothing_to_tasks(site: Site) -> None:
    before = await site.titles()
    await site.page.keyboard.press("j")
    await site.page.keyboard.press("/")
    await site.page.keyboard.type("e")
    await site.page.get_by_role("searchbox").fill("")

    await expect(site.tasks).to_have_count(len(before))
    await expect(site.view("Done")).to_contain_text("0")


async def test_nothing_moves_for_who_asked_for_that(site: Site) -> None:
    await site.page.emulate_media(reduced_motion="reduce")

    # As good as none: some parts wait for the end of a transition, and would wait for ever where there is none.
    moving = await evaluate(
        site.page,
        "[...document.querySelectorAll('*')].flatMap(n => [getComputedStyle(n)]).filter("
        "s => Math.max(parseFloat(s.transitionDuration), parseFloat(s.animationDuration)) > 0.001).length",
    )

    assert moving == 0
