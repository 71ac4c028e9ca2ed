"""The rules on the page: read, changed in the text with its errors marked, previewed, saved, rolled back; proposals
decided; calendars kept."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import Locator, Page, expect

from app.domains.identity.rules import Role
from tests.api.test_learning import HOME, OWN, URGENT
from tests.browser import people
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASTED = """(editor, text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""
WRONG = OWN.replace("project == 'Home'", "projekt == 'Home'")
STRONGER = OWN.replace("points = 18", "points = 60")
NOTE = "Home comes first since March"


@pytest_asyncio.fixture(loop_scope="session")
async def ruled(filled: None, page: Page) -> Site:
    """A queue ranked by a small ruleset, «own», with a task of Home and an urgent one."""
    site = Site(page)
    csrf = (await site.api("/auth/me"))["csrf_token"]
    made = await page.request.post(
        "/api/v1/rulesets/own?activate=true",
        headers={"Content-Type": "application/toml", "X-CSRF-Token": csrf},
        data=OWN,
    )
    assert made.ok, await made.text()
    await site.api("/tasks", "POST", title="Paint the kitchen", **HOME)
    await site.api("/tasks", "POST", title="Call the bank", **URGENT)
    return site


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text of the ruleset, in TOML")


async def write(page: Page, text: str) -> None:
    """Put a text in the place of what is in the editor."""
    await editor(page).focus()
    await page.keyboard.press("Control+a")
    await editor(page).evaluate(PASTED, text)


async def part(page: Page, name: str) -> None:
    await page.get_by_role("navigation", name="Parts of the rules").get_by_role("link", name=name).click()


async def test_an_error_is_marked_mended_previewed_saved_seen_in_history_and_rolled_back(ruled: Site) -> None:
    page = ruled.page
    await ruled.go("/rules/edit", "Rules")
    await expect(page.get_by_text("✓ In order")).to_be_visible()

    await write(page, WRONG)
    problems = page.get_by_role("list", name="Problems")
    await expect(problems).to_contain_text("projekt")
    await expect(page.locator(".cm-lintRange-error")).to_have_text("projekt")
    await expect(page.get_by_role("button", name="Save…")).to_be_disabled()
    await problems.get_by_role("button").first.click()
    await expect(editor(page)).to_be_focused()
    assert await page.evaluate("getSelection().toString()") == "projekt"

    await write(page, STRONGER)
    await expect(page.get_by_text("✓ In order")).to_be_visible()
    await expect(page.get_by_text("Unsaved changes to version 1, kept in this browser")).to_be_visible()
    await page.get_by_role("link", name="Preview", exact=True).last.click()
    rising = page.get_by_role("region", name="Rising most")
    await expect(rising).to_contain_text("Paint the kitchen")
    await expect(rising).to_contain_text("18 → 60 points")
    await page.get_by_label("Also look back").select_option("7 days")
    await expect(page.get_by_role("heading", name="The last 7 days")).to_be_visible(timeout=20_000)

    await page.get_by_role("button", name="Save…").click()
    saving = page.get_by_role("dialog", name="Save as own, version 2")
    await expect(saving.get_by_role("button", name="Save, and let it rank")).to_be_disabled()
    await saving.get_by_label("Why").fill(NOTE)
    await saving.get_by_role("button", name="Save, and let it rank").click()
    await expect(page.get_by_role("status").filter(has_text="own, version 2 ranks now").first).to_be_visible()

    await part(page, "History")
    ranked = page.get_by_role("region", name="What ranked when").get_by_role("listitem")
    await expect(ranked.first).to_contain_text("own, version 2 ranks now")
    await expect(ranked.first).to_contain_text(NOTE)
    await expect(page.get_by_role("region", name="Comparison of two versions")).to_contain_text("18")

    await page.get_by_role("button", name="Roll back…").click()
    back = page.get_by_role("dialog", name="Roll back")
    await back.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("button", name="Roll back…")).to_be_focused()
    await page.get_by_role("button", name="Roll back…").click()
    await back.get_by_role("button", name="Roll back").click()
    await expect(ranked.first).to_contain_text("own, version 1 ranks now")
    await expect(ranked.first).to_contain_text("brought back by")
    assert (await ruled.api("/rulesets/own"))["version"] == 1


async def test_what_is_written_is_kept_while_other_pages_are_looked_at_and_discarded_by_a_button(ruled: Site) -> None:
    page = ruled.page
    await ruled.go("/rules/edit", "Rules")
    await write(page, STRONGER)
    await expect(page.get_by_text("Unsaved changes to version 1")).to_be_visible()

    await page.reload()
    await expect(editor(page)).to_contain_text("points = 60")
    await page.get_by_role("button", name="Discard changes").click()
    await expect(editor(page)).to_contain_text("points = 18")
    await page.get_by_role("button", name="Put discarded changes back").click()
    await expect(editor(page)).to_contain_text("points = 60")


async def test_a_number_is_changed_beside_its_rule_and_is_a_draft_until_it_is_as_before(ruled: Site) -> None:
    page = ruled.page
    await ruled.go("/rules", "Rules")
    number = page.get_by_role("button", name="change the points of «Our project»")
    field = page.get_by_role("spinbutton", name="Points of «Our project»")

    await number.click()
    await page.keyboard.type("60")
    await page.keyboard.press("Escape")
    await expect(number).to_have_text("+18")
    await number.press("Enter")
    await page.keyboard.type("60")
    await page.keyboard.press("Enter")
    await expect(number).to_have_text("+18 → +60")
    await expect(number).to_be_focused()

    await page.get_by_role("link", name="See what they would move").click()
    await expect(page.get_by_role("region", name="Rising most")).to_contain_text("18 → 60 points")
    await part(page, "Edit")
    await expect(editor(page)).to_contain_text("points = 60")
    await expect(editor(page)).to_contain_text("# Ours before all others.")

    await part(page, "Rules")
    await number.click()
    await field.fill("18")
    await page.get_by_label("Find a rule").click()
    await expect(number).to_have_text("+18")
    await expect(page.get_by_text("You have unsaved changes")).to_have_count(0)


async def test_a_proposal_is_looked_at_accepted_and_taken_back(ruled: Site, tmp_path: Path) -> None:
    page = ruled.page
    for number in range(3):
        above = await ruled.api("/tasks", "POST", title=f"A {number}", **HOME)
        below = await ruled.api("/tasks", "POST", title=f"B {number}", **URGENT)
        noted = await ruled.api(f"/tasks/{above['id']}/rank-above/{below['id']}", "POST")
        if noted["proposal"] is None:
            with closing(sqlite3.connect(tmp_path / "watchfloor.db")) as database, database:
                database.execute("UPDATE rank_pairs SET at = datetime(at, '-1 day')")
    await ruled.go("/rules/proposals", "Rules")

    proposal = page.get_by_role("region", name="Open proposal")
    await expect(proposal).to_contain_text("Our project")
    await expect(proposal).to_contain_text("Ask for it: 3 drags")
    await proposal.get_by_role("button", name="Accept…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Accept, and let it rank").click()
    earlier = page.get_by_role("region", name="Earlier proposals")
    await expect(earlier).to_contain_text("Accepted")
    assert (await ruled.api("/rulesets/own"))["version"] == 2

    await earlier.get_by_role("button", name="Take back…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    await expect(earlier.get_by_role("button", name="Take back…")).to_have_count(0)
    assert "points = 18" in (await ruled.api("/rulesets/own"))["text"]


async def test_a_calendar_is_made_and_changed(ruled: Site) -> None:
    page = ruled.page
    await ruled.go("/rules/calendars", "Rules")
    await page.get_by_role("button", name="New calendar…").click()
    making = page.get_by_role("dialog", name="New calendar")
    await making.get_by_label("Name").fill("desk")
    await making.get_by_label("Time zone").fill("Europe/Berlin")
    await making.get_by_label("Monday").fill("9-25")
    await expect(making.get_by_role("button", name="Save")).to_be_disabled()
    await making.get_by_label("Monday").fill("09:00-12:30, 13:30-18:00")
    await making.get_by_label("Holidays").fill("2026-12-25 Christmas")
    await making.get_by_role("button", name="Save").click()

    desk = page.get_by_role("article", name="Calendar desk")
    await expect(desk).to_contain_text("Europe/Berlin, 8 hours a week")
    await desk.get_by_role("button", name="Change desk").click()
    await page.get_by_role("dialog").get_by_label("Monday").fill("10:00-12:00")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(desk).to_contain_text("2 hours a week")
    await expect(desk.get_by_role("button", name="Change desk")).to_be_focused()


async def test_a_viewer_reads_tries_out_and_changes_nothing(ruled: Site, served: FastAPI) -> None:
    page = ruled.page
    await page.context.clear_cookies()
    await people.sign_in(page, served, Role.VIEWER, email="vera@workshop.example")
    await ruled.go("/rules", "Rules")
    await expect(page.get_by_text("Our project")).to_be_visible()
    await expect(page.get_by_role("button", name="change the points")).to_have_count(0)

    await part(page, "Edit")
    await expect(page.get_by_text("Only an admin can save them.")).to_be_visible()
    await expect(editor(page)).to_contain_text("points = 18")
    await expect(page.get_by_role("button", name="Save…")).to_have_count(0)
    for name, act in (("History", "Roll back|Activate"), ("Calendars", "New calendar|Change")):
        await part(page, name)
        await ruled.settled()
        await expect(page.get_by_role("button", name=re.compile(act))).to_have_count(0)
    await part(page, "Proposals")
    await expect(page.get_by_role("heading", name="No change is proposed")).to_be_visible()


async def test_on_a_phone_each_part_fits(ruled: Site) -> None:
    page = ruled.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await ruled.go("/rules", "Rules")

    for name in ("Rules", "Edit", "Preview", "History", "Health", "Proposals", "Calendars"):
        await part(page, name)
        await ruled.settled()
        assert (name, await ruled.width()) == (name, 390)
