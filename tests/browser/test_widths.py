"""Every page in three widths: only its content scrolls, never the document, and nothing reaches out of the window.
What comes over a page covers nothing that can be pressed, and what gives way is never what matters.
"""

import re

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.site import Site
from tests.browser.test_axe import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDTHS = {1440: 900, 768: 1024, 390: 844}

# As far as the wheel or a finger could bring it.
SCROLLED = """() => {
  for (const node of [document.querySelector("main"), document.scrollingElement]) node.scrollTo(0, 1e6);
  const { scrollHeight, scrollWidth, scrollTop } = document.documentElement;
  const main = document.querySelector("main");
  return {
    below: scrollHeight - innerHeight, beside: scrollWidth - innerWidth, torn: scrollTop,
    besideMain: main.scrollWidth - main.clientWidth,
  };
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def site(sampled: None, page: Page) -> Site:
    await page.emulate_media(reduced_motion="reduce")
    return Site(page)


@pytest.mark.parametrize("path", PAGES)
async def test_only_the_content_scrolls(site: Site, path: str) -> None:
    for width, height in WIDTHS.items():
        await site.page.set_viewport_size({"width": width, "height": height})
        await site.whole(path)

        left = await site.page.evaluate(SCROLLED)

        assert all(each <= 0 for each in left.values()), (width, left)


async def box(of: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    found = await of.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


CUT = "(node) => [node, ...node.querySelectorAll('*')].some((each) => each.scrollWidth > each.clientWidth + 1)"


@pytest.mark.parametrize("width", WIDTHS)
async def test_undo_is_whole_however_long_the_title_is(site: Site, width: int) -> None:
    await site.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    await site.visit("/?q=production+ingest+region+north+affected")
    await site.press("j", "e")
    await expect(site.notices).to_contain_text("Completed: Outage: production")

    label = site.notices.get_by_role("button", name="Undo").locator("span").filter(has_text="Undo").last
    left, _, right, _ = await box(site.notices.get_by_role("button", name="Undo"))

    assert not await label.evaluate(CUT)
    assert 0 <= left < right <= width


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_notice_stands_above_what_can_be_done_with_the_selection(site: Site, width: int) -> None:
    await site.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    await site.visit()
    await site.press("j", "e")
    await expect(site.notices).to_contain_text("Completed")
    await site.press("j", "x")
    await expect(site.bar).to_be_visible()

    _, top, _, _ = await box(site.bar)
    *_, bottom = await box(site.notices.locator("> *").last)

    assert bottom <= top


INSIDE = "(node) => node.scrollWidth <= node.clientWidth + 1"


@pytest.mark.parametrize("path", ["/rules/proposals", "/rules/calendars", "/?status=not_for_us"])
async def test_the_chosen_tab_is_seen_on_a_phone(site: Site, path: str) -> None:
    await site.page.set_viewport_size({"width": 390, "height": 844})
    await site.whole(path)
    tab = site.page.locator("main .sideways").first.locator("[aria-current=page], [aria-pressed=true]")

    await expect(tab).to_be_in_viewport(ratio=0.98)
    await expect(site.page.locator("main .sideways").first).to_have_attribute("data-more", re.compile("before"))


async def test_what_stands_under_a_title_ends_with_an_ellipsis_and_not_within_a_letter(site: Site) -> None:
    await site.page.set_viewport_size({"width": 390, "height": 844})
    await site.visit()

    lines = site.tasks.locator("[role=presentation]")

    await expect(lines.nth(3)).to_be_visible()
    # All at one moment: rows that were just drawn may go while one looks at them one by one.
    assert await lines.evaluate_all(f"(lines) => lines.every({INSIDE})")


async def test_until_when_is_told_with_its_hour_on_a_phone(site: Site) -> None:
    await site.page.set_viewport_size({"width": 390, "height": 844})
    await site.visit()
    await site.press("j", "s")
    options = site.dialog.get_by_role("option")
    await expect(options.first).to_be_visible()

    for option in await options.all():
        assert await option.locator("span").last.evaluate(INSIDE)


async def test_the_audit_trail_begins_with_entries_on_a_phone(site: Site) -> None:
    await site.page.set_viewport_size({"width": 390, "height": 844})
    await site.whole("/settings/audit")
    await expect(site.page.get_by_label("Words")).to_be_hidden()
    await expect(site.page.get_by_role("table", name="Audit trail").get_by_role("row").nth(1)).to_be_in_viewport()

    await site.page.get_by_text("Filter").click()

    await expect(site.page.get_by_label("Words")).to_be_visible()


# Where the words themselves stand, once the bound and the sum are put at one place.
WORDS = """(strip) => {
  const words = [...strip.querySelectorAll("span")].filter((each) => /^(100|= .*)$/.test(each.textContent.trim()));
  return words.map((each) => {
    each.style.setProperty("--start", "60%");
    const range = document.createRange();
    range.selectNodeContents(each);
    const { top, bottom } = range.getBoundingClientRect();
    return [each.textContent.trim(), top, bottom];
  });
}"""


async def test_the_sum_and_the_bound_it_is_close_to_are_both_read(site: Site) -> None:
    await site.visit()
    await site.press("j", "Enter")
    strip = site.panel.get_by_role("group", name="The sum, part by part")
    await expect(strip).to_be_visible()

    (_, _, bound_ends), (_, sum_begins, _) = sorted(await strip.evaluate(WORDS))

    assert bound_ends <= sum_begins
