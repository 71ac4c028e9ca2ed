"""Importing a table: the page shows how its columns are read, takes corrections, and only then imports."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from playwright.async_api import Page, Route, expect

from app.integrations.contract import Field
from tests.browser import office
from tests.browser.site import Site
from tests.browser.test_access import CONTRASTS, FAULTS
from tests.integrations.notion import build as notion

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PREVIEW = "**/integrations/import/preview"


async def asked(page: Page, path: Path) -> Site:
    """The page, asking about the columns of a file."""
    site = Site(page)
    await site.visit()
    await page.locator("#file").set_input_files(path)
    await expect(site.columns).to_be_visible()
    return site


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return office.table(tmp_path / "tasks.csv", datetime.now(UTC))


async def test_each_column_is_shown_with_its_meaning_why_and_examples(page: Page, table: Path) -> None:
    columns = (await asked(page, table)).columns

    meant = {name: await columns.get_by_label(name, exact=True).input_value() for name in office.COLUMNS}
    assert meant == {
        "Task": "title",
        "State": "status",
        "Deadline": "due",
        "Owner": "assignee",
        "Cost": "keep",
        "Opened": "created",
    }
    await expect(columns.get_by_label("Owner", exact=True)).to_have_accessible_description("by its name")
    await expect(columns).to_contain_text("Ana Ruiz · Ben Bold")
    await expect(columns.locator(".mapping-rows li").first).to_contain_text("Due Fri, 1 Mar 2030")
    await expect(columns.locator(".mapping-rows li").first).to_contain_text("Cost: 80 EUR")


async def test_a_correction_shows_at_once_what_becomes_of_the_rows_and_is_imported(page: Page, table: Path) -> None:
    site = await asked(page, table)
    first = site.columns.locator(".mapping-rows li").first

    await site.columns.get_by_label("Owner", exact=True).select_option(label="Leave it out")
    await site.columns.get_by_label("Cost", exact=True).select_option(label="Project")
    await expect(first).not_to_contain_text("For Ana Ruiz")
    await expect(site.columns.get_by_label("Cost", exact=True)).to_have_accessible_description("as you said")
    await site.columns.get_by_role("button", name="Import").click()

    await expect(page.locator(".equation")).to_have_text("2 read = 2 new + 0 updated + 0 unchanged + 0 refused")
    await expect(site.tasks).to_have_count(2)
    tasks = (await site.api("/tasks"))["items"]
    assert {(task["title"], task["assignee"], task["project"]) for task in tasks} == {
        (office.INVOICE, None, "80 EUR"),
        ("Order paper", None, "12 EUR"),
    }


async def test_by_keyboard_a_column_is_corrected_and_imported(page: Page, table: Path) -> None:
    site = await asked(page, table)
    await expect(site.columns.get_by_role("button", name="Import")).to_be_focused()

    for _ in range(2):  # the columns from the last to the first
        await page.keyboard.press("Shift+Tab")
    await expect(site.columns.get_by_label("Cost", exact=True)).to_be_focused()
    await page.keyboard.type("Labels")
    await expect(site.columns.locator(".mapping-rows li").first.locator(".meta")).to_contain_text("80 EUR")
    await expect(site.columns.get_by_label("Cost", exact=True)).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(site.tasks).to_have_count(2)
    assert {label for task in (await site.api("/tasks"))["items"] for label in task["labels"]} == {"80 EUR", "12 EUR"}


async def test_escape_imports_nothing(page: Page, table: Path) -> None:
    site = await asked(page, table)

    await page.keyboard.press("Escape")

    await expect(site.columns).to_have_count(0)
    await expect(page.locator(".import")).to_have_count(0)
    await expect(page.get_by_role("button", name="Import", exact=True)).to_be_focused()
    assert (await site.api("/integrations"))["items"] == []


async def test_who_knows_the_order_of_dates_says_it(page: Page, tmp_path: Path) -> None:
    path = office.table(tmp_path / "tasks.csv", datetime.now(UTC), due=("3/4/2030", "5/6/2030"))
    site = await asked(page, path)
    first = site.columns.locator(".mapping-rows li").first
    await expect(first).to_contain_text("Due Mon, 4 Mar 2030")

    await site.columns.get_by_label("«3/4/2030» means").select_option(label="3 April (day first)")
    await expect(first).to_contain_text("Due Wed, 3 Apr 2030")
    await site.columns.get_by_label("Days and times such as").select_option("Asia/Tokyo")
    await expect(site.columns.locator(".mapping-tables")).to_have_attribute("aria-busy", "false")
    await site.columns.get_by_role("button", name="Import").click()

    await expect(site.tasks).to_have_count(2)
    due = {task["due_at"] for task in (await site.api("/tasks"))["items"]}
    assert due == {"2030-04-03T14:59:00Z", "2030-06-05T14:59:00Z"}


async def test_what_fails_in_between_is_told_and_tried_again(page: Page, table: Path) -> None:
    site = await asked(page, table)

    async def away(route: Route) -> None:
        await route.abort()

    await page.route(PREVIEW, away)
    await site.columns.get_by_label("Cost", exact=True).select_option("project")
    problem = site.columns.get_by_role("alert")
    await expect(problem).to_contain_text("The server does not answer")

    await page.unroute(PREVIEW)
    await problem.get_by_role("button", name="Retry").click()
    await expect(problem).to_have_count(0)
    await expect(site.columns.locator(".mapping-rows li").first.locator(".meta")).to_contain_text("80 EUR")


async def test_every_meaning_of_a_column_can_be_chosen(page: Page, table: Path) -> None:
    columns = (await asked(page, table)).columns

    options = await columns.get_by_label("Cost", exact=True).locator("option").all()
    assert {await option.get_attribute("value") for option in options} == {"keep", "leave", *get_args(Field)}


async def test_every_warning_of_a_report_can_be_read(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    rows = [f"Task {n},open,{'soonish' if n % 2 else '2030-03-01'}" for n in range(120)]
    path.write_text("\n".join(["Task,Status,Due", *rows]))
    site = await asked(page, path)
    await site.columns.get_by_role("button", name="Import").click()

    warnings = page.locator(".import").get_by_role("listitem")
    await page.locator(".import summary", has_text="60 warnings").click()
    await expect(warnings).to_have_count(50)
    await page.get_by_role("button", name="Show all 60").click()

    await expect(warnings).to_have_count(60)
    await expect(page.locator(".import .warnings")).to_be_focused()


async def test_an_export_with_several_tables_shows_each(page: Page, tmp_path: Path) -> None:
    tables: dict[str, str | bytes] = {
        f"{name} {notion.own(name)}_all.csv": f"\ufeffName,Status,Owner\n{name} one,Done,Ana\n{name} two,To do,Ben"
        for name in ("Roof", "Cellar")
    }
    site = await asked(page, notion.export(tmp_path, tables))

    await expect(site.columns.locator("details")).to_have_count(2)
    await expect(site.columns.locator("summary").first).to_contain_text("3 of 3 columns understood")
    await site.columns.get_by_role("button", name="Import").click()
    await expect(page.locator(".equation")).to_contain_text("4 new")


async def test_on_a_phone_all_of_it_fits_can_be_read_and_has_a_name(page: Page, tmp_path: Path) -> None:
    await page.set_viewport_size({"width": 380, "height": 740})
    await page.emulate_media(reduced_motion="reduce")
    path = office.table(tmp_path / "tasks.csv", datetime.now(UTC), due=("3/4/2030", "5/6/2030"))
    site = await asked(page, path)

    wide = "[...document.querySelectorAll('.mapping *')].filter(n => n.getBoundingClientRect().right > 380).length"
    assert await page.evaluate(wide) == 0
    assert await site.width() == 380
    assert await page.evaluate(FAULTS) == []
    assert [text for text, ratio in await page.evaluate(CONTRASTS) if ratio < 4.5] == []
