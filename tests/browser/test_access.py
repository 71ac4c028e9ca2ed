"""Who can use the page: small screens, the keyboard alone, screen readers, weak eyes, dark rooms."""

from itertools import pairwise
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect

from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# For each visible piece of text: its contrast with the nearest background behind it, after WCAG 2.
CONTRASTS = """() => {
  const draw = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    draw.clearRect(0, 0, 1, 1); draw.fillStyle = colour; draw.fillRect(0, 0, 1, 1);
    return draw.getImageData(0, 0, 1, 1).data;
  };
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const text = [...node.childNodes].filter((each) => each.nodeType === 3).map((each) => each.data.trim()).join("");
    if (!text || !node.checkVisibility() || node.closest(".unseen, .skip")) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(behind(node))];
    found.push([text.slice(0, 40), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
  }
  return found;
}"""

# Controls that nobody could name, and ids that stand twice or point nowhere.
FAULTS = """() => {
  const faults = [];
  for (const node of document.querySelectorAll("a, button, input, summary, [tabindex='0']")) {
    const labels = [...(node.labels ?? [])].map((each) => each.textContent).join("");
    const name = node.getAttribute("aria-label") || node.innerText || labels;
    if (node.checkVisibility() && !name.trim()) faults.push(`no name: ${node.outerHTML.slice(0, 80)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  faults.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`));
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
    for (const node of document.querySelectorAll(`[${name}]`))
      if (!document.getElementById(node.getAttribute(name)))
        faults.push(`${name} points nowhere: ${node.outerHTML.slice(0, 80)}`);
  return faults;
}"""


async def evaluate(page: Page, program: str) -> Any:
    return await page.evaluate(program)


async def test_a_phone_needs_no_horizontal_scrolling(site: Site) -> None:
    await site.page.set_viewport_size({"width": 360, "height": 740})
    for title in (await site.titles())[:4]:
        await site.open(title)

    assert await evaluate(site.page, "document.documentElement.scrollWidth") == 360
    await site.view("Set aside").click()
    await expect(site.task("What moved this week")).to_be_visible()
    assert await evaluate(site.page, "document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_can_be_read_in_light_and_dark(site: Site, scheme: Literal["light", "dark"]) -> None:
    # Transitions would be measured halfway.
    await site.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await site.open((await site.titles())[0])
    await site.page.get_by_text("Also checked").click()

    contrasts = await evaluate(site.page, CONTRASTS)

    assert len(contrasts) > 50
    assert [(text, round(ratio, 2)) for text, ratio in contrasts if ratio < 4.5] == []


async def test_everything_has_a_name_and_every_reference_leads_somewhere(site: Site) -> None:
    await site.open((await site.titles())[0])

    assert await evaluate(site.page, FAULTS) == []
    for landmark in ("banner", "main", "contentinfo", "search"):
        await expect(site.page.get_by_role(landmark)).to_have_count(1)
    levels = await evaluate(
        site.page,
        "[...document.querySelectorAll('h1,h2,h3,h4')].filter(n => n.checkVisibility()).map(n => +n.tagName[1])",
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


async def test_tab_reaches_everything_in_reading_order_with_a_visible_focus(site: Site) -> None:
    titles = await site.titles()
    await site.page.reload()
    await expect(site.tasks.first).to_be_visible()
    seen: list[str] = []
    for _ in range(40):
        await site.page.keyboard.press("Tab")
        text = await evaluate(
            site.page, "(n => n.getAttribute('aria-label') || n.innerText || n.id)(document.activeElement)"
        )
        shown = await evaluate(
            site.page,
            "[null, '::after'].some(part => getComputedStyle(document.activeElement, part).outlineStyle !== 'none')",
        )
        assert shown, f"no visible focus on {text}"
        seen.append(" ".join(text.split()))
        if text == "Status":
            break

    expected = ["Skip to the queue", "Watchfloor", "Level: normal", "q", "Import", "only-me", "Keyboard shortcuts"]
    assert seen[: len(expected)] == expected
    assert [text for text in seen if text in titles] == titles
    assert seen[-3:] == ["API docs", "Health", "Status"]


async def test_a_row_says_whether_it_is_open(site: Site) -> None:
    await site.page.keyboard.press("j")
    button = site.page.locator(".open").first
    await expect(button).to_have_attribute("aria-expanded", "false")

    await site.page.keyboard.press("Enter")
    await expect(button).to_have_attribute("aria-expanded", "true")
    await expect(site.page.get_by_role("region", name="Why")).to_be_visible()

    await site.page.keyboard.press("Enter")
    await expect(site.page.get_by_role("region", name="Why")).to_be_hidden()


async def test_keys_are_explained_and_can_be_switched_off(site: Site) -> None:
    await site.page.keyboard.press("?")
    help_ = site.page.get_by_role("dialog", name="Keyboard")
    await expect(help_).to_contain_text("snooze until tomorrow 9:00")
    await help_.get_by_label("Single-key shortcuts").uncheck()
    await help_.get_by_role("button", name="Close").click()
    before = await site.titles()

    await site.page.locator(".open").first.focus()
    await site.page.keyboard.press("e")
    await site.page.reload()
    await expect(site.tasks).to_have_count(len(before))
    await site.page.keyboard.press("?")
    await expect(help_).to_be_hidden()


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

    moving = await evaluate(
        site.page,
        "[...document.querySelectorAll('*')].filter(n => getComputedStyle(n).transitionDuration !== '0s'"
        " || getComputedStyle(n).animationName !== 'none').length",
    )

    assert moving == 0
