"""Every page for everybody: axe-core finds nothing, in light and dark, on a desktop and on a phone; it has one heading
and a title, fits the narrowest phone, and shows where the focus is. The sample company is loaded: there is much to see.
"""

import re
from typing import Literal

import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Locator, Page, expect

from app.domains.identity.rules import Role
from tests.browser import axe
from tests.browser.people import EMAIL, add, sign_in
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}

PAGES = {
    "/": "Queue",
    "/?task=1": "Queue",
    "/?status=not_for_us&group=band": "Set aside",
    "/tasks/1": "",
    "/integrations": "Integrations",
    "/integrations/1": "mail",
    "/rules": "Rules",
    "/rules/edit": "Rules",
    "/rules/preview": "Rules",
    "/rules/history": "Rules",
    "/rules/health": "Rules",
    "/rules/proposals": "Rules",
    "/rules/calendars": "Rules",
    "/watch": "Watch",
    "/watch/trends": "Watch",
    "/watch/runs": "Watch",
    "/people": "People",
    "/settings": "Settings",
    "/settings/team": "Settings",
    "/settings/keys": "Settings",
    "/settings/audit": "Settings",
}
"""Every page, and how its title begins; a task's begins with the task's."""


@pytest_asyncio.fixture(loop_scope="session")
async def site(sampled: None, page: Page, served: FastAPI) -> Site:
    """Nothing moves on it: colours would be measured halfway."""
    await page.emulate_media(reduced_motion="reduce")
    await add(served, email="ben@workshop.example")
    return Site(page)


# Also the shortest transition takes a frame for each level of what inherits from each other.
STILL = """() => !document.getAnimations().some(
  (each) => each instanceof CSSTransition && each.playState === "running"
)"""


async def sizes_and_colours(page: Page, *besides: str) -> list[str]:
    """What axe finds in each of the ways in which the page may be looked at."""
    found: list[str] = []
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
            await page.wait_for_function(STILL)
            found += [f"{size}, {scheme}: {each}" for each in await axe.violations(page, *besides)]
    return found


async def assert_none_anywhere(page: Page, *besides: str) -> None:
    found = await sizes_and_colours(page, *besides)
    assert not found, "\n".join([f"axe found {len(found)} on {page.url}:", *found])


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing(site: Site, path: str) -> None:
    await site.whole(path)

    await assert_none_anywhere(site.page)


@pytest.mark.parametrize(("path", "title"), PAGES.items())
async def test_it_has_one_heading_a_title_and_fits_the_narrowest_phone(site: Site, path: str, title: str) -> None:
    await site.page.set_viewport_size({"width": 320, "height": 640})
    await site.whole(path)

    await expect(site.page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(site.page.get_by_role("main")).to_have_count(1)
    await expect(site.page).to_have_title(re.compile(f"^{re.escape(title)}.* · Watchfloor$"))
    assert await site.width() == 320


# How everything looks that can have the focus, while it has none; later the same of what has it.
LOOKS = """() => {
  const properties = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "backgroundColor"];
  const one = (node, part) => node ? properties.map((name) => getComputedStyle(node, part)[name]).join() : "";
  window.look = (node) => [
    one(node), one(node, "::after"), one(node.parentElement), one(node.nextElementSibling), one(node.closest("label")),
  ].join("|");
  window.before = new Map();
  const all = "a, button, input, select, textarea, summary, [tabindex], [contenteditable]";
  for (const node of document.querySelectorAll(all)) before.set(node, look(node));
}"""
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const editor = node.closest(".cm-editor") ?? node;
  const outlined = [node, editor].some((each) => getComputedStyle(each).outlineStyle !== "none");
  const shown = outlined || (before.has(node) && before.get(node) !== look(node));
  return [shown, (node.getAttribute("aria-label") || node.innerText || node.outerHTML).slice(0, 80)];
}"""
MOST_STOPS = 40
SOON_MS = 200  # the editor of the rules shows it a moment later


@pytest.mark.parametrize("path", PAGES)
async def test_whoever_uses_the_keyboard_sees_where_they_are(site: Site, path: str) -> None:
    await site.whole(path)
    await site.page.evaluate(LOOKS)

    unseen = []
    for _ in range(MOST_STOPS):
        await site.page.keyboard.press("Tab")
        stop = await site.page.evaluate(FOCUSED)
        if stop and not stop[0]:
            await site.page.wait_for_timeout(SOON_MS)
            stop = await site.page.evaluate(FOCUSED)
        if stop is None:
            break
        shown, name = stop
        if not shown:
            unseen.append(name)

    assert unseen == []


async def test_signing_in(stranger: Page, address: str) -> None:
    await stranger.goto("/sign-in?error=something")
    await expect(stranger.get_by_role("alert")).to_be_visible()

    await assert_none_anywhere(stranger)


async def test_where_nothing_was_brought_in_yet(page: Page) -> None:
    await Site(page).visit()
    await expect(page.get_by_role("heading", name="Bring in your work")).to_be_visible()

    await assert_none_anywhere(page)


async def test_an_address_that_leads_nowhere(site: Site) -> None:
    await site.page.goto("/tasks/999999")
    await expect(site.page.get_by_text("There is no task 999999")).to_be_visible()

    await assert_none_anywhere(site.page)


async def over_the_queue(site: Site, key: str, name: str) -> Locator:
    """What a key opens over the queue, for its first task."""
    await site.visit()
    await site.page.keyboard.press("j")
    await site.page.keyboard.press(key)
    dialog = site.page.get_by_role("dialog", name=name)
    await expect(dialog).to_be_visible()
    return dialog


DIALOGS = {
    "?": "Keys on this page",
    "Control+k": "Find or do",
    "s": "Snooze",
    "a": "Assign",
    "d": "Decline",
    "l": "Labels",
    "m": "Merge",
}


@pytest.mark.parametrize(("key", "name"), DIALOGS.items())
async def test_what_lies_over_the_page(site: Site, key: str, name: str) -> None:
    dialog = await over_the_queue(site, key, name)

    await assert_none_anywhere(site.page)
    await site.page.set_viewport_size({"width": 320, "height": 640})
    assert await site.width() == 320
    await site.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_the_menus_of_the_queue_and_the_account(site: Site) -> None:
    await site.visit()
    for opener, shown in (("Views", "menu"), ("Display", "dialog"), (f"Account of {EMAIL}", "menu")):
        await site.page.get_by_role("button", name=opener).first.click()
        await expect(site.page.get_by_role(shown)).to_be_visible()  # type: ignore[arg-type]

        # What is open holds the focus, and nobody comes upon it by going through the landmarks.
        await assert_none_anywhere(site.page, "region")

        await site.page.keyboard.press("Escape")
        await expect(site.page.get_by_role(shown)).to_be_hidden()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "opener", "name"),
    [
        ("/settings/team", "Add somebody", "Add somebody"),
        ("/settings/keys", "Make a key", "Make a key"),
        ("/integrations", "Import", "Import files"),
        ("/integrations", "Add integration", "Add an integration"),
        ("/", "Clear the sample data", "Clear the sample data?"),
    ],
)
async def test_what_asks(site: Site, path: str, opener: str, name: str) -> None:
    await site.whole(path)
    await site.page.get_by_role("button", name=opener, exact=True).click()
    await expect(site.page.get_by_role("dialog", name=name)).to_be_visible()

    await assert_none_anywhere(site.page)


async def test_what_was_done_and_can_be_undone(site: Site) -> None:
    await site.visit()
    await site.page.keyboard.press("j")
    await site.page.keyboard.press("e")
    await expect(site.notices).to_contain_text("Completed")
    await site.notices.get_by_role("button", name="Undo").hover()

    await assert_none_anywhere(site.page)


async def test_a_viewers_queue(sampled: None, stranger: Page, served: FastAPI) -> None:
    await sign_in(stranger, served, Role.VIEWER, email="viv@workshop.example")
    await Site(stranger).visit("/?task=1")

    await assert_none_anywhere(stranger)
