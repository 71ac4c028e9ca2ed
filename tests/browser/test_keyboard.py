"""The whole work by keyboard alone: going, opening, acting in words, choosing many, taking back, ranking, finding."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.site import Site
from tests.browser.test_acting import DOWN, URGENT, stored

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HERE = ZoneInfo("America/New_York")


async def stand_on(site: Site, title: str) -> None:
    """Go down to a task, from wherever one is."""
    await site.press("j")
    for _ in await site.titles():
        if await site.task(title).evaluate("node => node === document.activeElement"):
            return
        await site.press("j")
    await expect(site.task(title)).to_be_focused()


async def write(site: Site, text: str) -> None:
    """Write into the dialog's field, as soon as it has the focus."""
    await expect(site.dialog.get_by_role("combobox")).to_be_focused()
    await site.page.keyboard.type(text)


async def test_a_task_is_opened_its_why_read_and_closed_where_one_stood(site: Site) -> None:
    await stand_on(site, URGENT)
    await site.press("Enter")
    panel = await site.opened(URGENT)
    await expect(panel.get_by_role("region", name="Why")).to_contain_text("points in all")

    await site.press("j")
    following = (await site.titles())[(await site.titles()).index(URGENT) + 1]
    await site.opened(following)
    await site.press("Escape")

    await expect(site.panel).to_have_count(0)
    await expect(site.task(following)).to_be_focused()


async def test_a_task_is_completed_and_brought_back_and_one_goes_on_where_one_was(site: Site) -> None:
    before = await site.titles()
    await stand_on(site, before[1])

    await site.press("e")
    await expect(site.task(before[1])).to_have_count(0)
    await expect(site.task(before[2])).to_be_focused()
    await expect(site.view("Done")).to_contain_text("1")

    await site.press("u")
    await expect(site.task(before[1])).to_be_visible()
    assert await site.titles() == before


async def test_a_snooze_is_said_in_words(site: Site) -> None:
    await stand_on(site, URGENT)
    await site.press("s")
    await write(site, "tomorrow 9")
    tomorrow = datetime.now(HERE).date() + timedelta(days=1)
    await expect(site.dialog.get_by_role("option")).to_contain_text(
        f"{tomorrow.day} {tomorrow:%b} {tomorrow:%Y}, 09:00"
    )
    await site.press("Enter")

    await expect(site.view("Snoozed")).to_contain_text("1")
    until = datetime.fromisoformat((await stored(site, URGENT))["snoozed_until"]).astimezone(HERE)
    assert until == datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=HERE)


async def test_assign_due_labels_and_decline_are_each_one_key_and_words(site: Site) -> None:
    await stand_on(site, URGENT)
    await site.press("a")
    await write(site, "Ben Bold")
    await site.press("Enter")
    await expect(site.task(URGENT)).to_contain_text("Ben Bold")

    await site.press("t")
    await write(site, "in 9 days")
    await expect(site.dialog.get_by_role("option")).to_have_count(1)
    await site.press("Enter")
    await expect(site.task(URGENT)).to_contain_text("Due in")

    await site.press("l")
    await write(site, "legal")
    await site.press("Enter", "Control+Enter")
    await expect(site.dialog).to_have_count(0)
    await expect(site.notices).to_contain_text(f"Labels legal: {URGENT}")

    await site.press("d")
    await write(site, "Not ours")
    await site.press("Enter")
    await expect(site.task(URGENT)).to_have_count(0)
    await expect(site.notices).to_contain_text(f"Declined: {URGENT}")
    task = await stored(site, URGENT)
    assert (task["assignee"], task["labels"], task["status_reason"]) == ("Ben Bold", ["legal"], "Not ours")


async def test_two_tasks_are_merged(site: Site) -> None:
    before = await site.titles()
    await stand_on(site, URGENT)
    await site.press("m")
    await write(site, "checkout")
    await expect(site.dialog.get_by_role("option", name=DOWN)).to_be_visible()
    await site.press("Enter")
    await expect(site.dialog.get_by_role("button", name="Merge", exact=True)).to_be_focused()
    await site.press("Enter")

    await expect(site.task(URGENT)).to_have_count(0)
    await expect(site.notices).to_contain_text(f"Merged: {URGENT}")
    await site.press("u")
    await expect(site.tasks).to_have_count(len(before))


async def test_several_are_chosen_and_done_with_the_count_first(site: Site) -> None:
    before = await site.titles()
    await site.press("j", "x", "Shift+J", "Shift+J")
    await expect(site.bar).to_contain_text("3 selected")

    await site.press("e")
    await expect(site.dialog.get_by_role("status")).to_have_text("3 tasks will change.")
    await expect(site.dialog.get_by_role("button", name="Complete 3 tasks")).to_be_focused()
    await site.press("Enter")
    await expect(site.tasks).to_have_count(len(before) - 3)
    await expect(site.notices).to_contain_text("Completed 3 tasks")

    await site.press("u")
    await expect(site.tasks.get_by_role("link")).to_have_text(before)


async def test_one_task_should_stand_above_the_one_before_which_is_noted_and_moves_nothing(site: Site) -> None:
    before = await site.titles()
    await stand_on(site, before[1])

    async with site.page.expect_request("**/rank-above/*") as asked:
        await site.press("Alt+ArrowUp")

    await expect(site.page.get_by_role("button", name="Close this note")).to_be_visible()
    request = await asked.value
    [first, second] = [(await stored(site, title))["id"] for title in before[:2]]
    assert request.url.endswith(f"/tasks/{second}/rank-above/{first}")
    assert await site.titles() == before


async def test_the_next_task_is_claimed_and_opened(site: Site) -> None:
    await site.press("c")

    first = (await site.titles())[0]
    await site.opened(first)
    await expect(site.notices).to_contain_text(f"Claimed: {first}")
    assert (await stored(site, first))["assignee"] == (await site.api("/auth/me"))["user"]["email"]


async def test_the_palette_finds_what_to_do_by_its_letters(site: Site) -> None:
    await stand_on(site, URGENT)
    await site.press("Control+k")
    await write(site, "cmpl")
    await expect(site.dialog.get_by_role("option").first).to_contain_text("Complete")
    await site.press("Enter")

    await expect(site.task(URGENT)).to_have_count(0)


async def test_the_palette_finds_tasks_and_pages(site: Site) -> None:
    await site.press("Control+k")
    await write(site, "checkout")
    await expect(site.dialog.get_by_role("option", name=DOWN)).to_be_visible()
    await site.press("Enter")
    await expect(site.page.get_by_role("heading", level=1, name=DOWN)).to_be_visible()

    await site.press("g", "q")
    await expect(site.page.get_by_role("grid", name="Open tasks")).to_be_visible()


async def test_the_help_lists_the_keys_that_work_here_and_switches_single_letters_off(site: Site) -> None:
    await site.press("?")
    keys = site.page.get_by_role("dialog", name="Keys on this page")
    await expect(keys.get_by_role("term").filter(has_text="Claim the next task")).to_be_visible()
    for title in ("Select all", "Undo the last act", "Show what moved", "Open"):
        await expect(keys.get_by_role("term").get_by_text(title, exact=True).first).to_be_visible()
    single = keys.get_by_role("switch", name="Single letters are keys")
    await single.focus()
    await site.press("Space")
    await expect(single).not_to_be_checked()
    await site.press("Escape")
    await expect(keys).to_have_count(0)

    await site.press("c")
    await site.press("Control+k")

    await expect(site.page.get_by_role("dialog", name="Find or do")).to_be_visible()
    await expect(site.panel).to_have_count(0)


@pytest.mark.parametrize("words", ["checkout", "nothing holds these words"])
async def test_escape_in_the_search_clears_it_and_leaves_it_at_once(site: Site, words: str) -> None:
    before = await site.titles()
    await site.press("/")
    await site.page.keyboard.type(words)
    await expect(site.tasks).not_to_have_count(len(before))

    await site.press("Escape", "?")

    await expect(site.page.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    await expect(site.search).to_have_value("")
    await expect(site.tasks).to_have_count(len(before))


async def test_the_palette_offers_acts_only_where_a_task_is_marked_and_names_it(site: Site) -> None:
    palette = site.page.get_by_role("dialog", name="Find or do")
    await site.press("Control+k")
    await site.page.keyboard.type("snooze")
    await expect(palette.get_by_role("combobox")).to_have_value("snooze")
    await expect(palette.get_by_role("option", name="Snooze…")).to_have_count(0)
    await site.press("Escape")

    await stand_on(site, URGENT)
    await site.press("Control+k")
    await site.page.keyboard.type("snooze")

    group = palette.get_by_role("group", name=f"On «{URGENT}»")
    await expect(group.get_by_role("option", name="Snooze…")).to_be_visible()
