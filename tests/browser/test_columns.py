"""Importing a table: the page shows how its columns are read, takes corrections, and only then imports."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from playwright.async_api import Locator, Page, Route, expect

from app.integrations.contract import Field
from tests.browser import office
from tests.browser.site import Site
from tests.integrations.notion import build as notion

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PREVIEW = "**/integrations/import/preview"


def dialog(site: Site) -> Locator:
    return site.page.get_by_role("dialog", name="This is how your columns are read")


async def asked(page: Page, path: Path) -> Site:
    """The page, asking about the columns of a file."""
    site = Site(page)
    await site.choose(path)
    await expect(dialog(site)).to_be_visible()
    return site


def rows(site: Site) -> Locator:
    """What the first rows would become."""
    return dialog(site).locator("ol").get_by_role("listitem")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return office.table(tmp_path / "tasks.csv", datetime.now(UTC))


async def test_each_column_is_shown_with_its_meaning_why_and_examples(page: Page, table: Path) -> None:
    site = await asked(page, table)
    columns = dialog(site)

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
    await expect(rows(site).first).to_contain_text("Due 1 Mar 2030")
    await expect(rows(site).first).to_contain_text("Cost: 80 EUR")
    options = await columns.get_by_label("Cost", exact=True).locator("option").all()
    assert {await option.get_attribute("value") for option in options} == {"keep", "leave", *get_args(Field)}


async def test_a_correction_shows_at_once_what_becomes_of_the_rows_is_imported_and_remembered(
    page: Page, table: Path
) -> None:
    site = await asked(page, table)
    first = rows(site).first

    await dialog(site).get_by_label("Owner", exact=True).select_option(label="Leave it out")
    await dialog(site).get_by_label("Cost", exact=True).select_option(label="Project")
    await expect(first).not_to_contain_text("For Ana Ruiz")
    await expect(dialog(site).get_by_label("Cost", exact=True)).to_have_accessible_description("as you said")
    await dialog(site).get_by_role("button", name="Import").click()

    await expect(site.imported("tasks.csv")).to_contain_text(
        "2 read = 2 new + 0 updated + 0 unchanged + 0 refused", timeout=20_000
    )
    tasks = (await site.api("/tasks"))["items"]
    assert {(task["title"], task["assignee"], task["project"]) for task in tasks} == {
        (office.INVOICE, None, "80 EUR"),
        ("Order paper", None, "12 EUR"),
    }

    again = dialog(await asked(page, table))
    await expect(again.get_by_label("Owner", exact=True)).to_have_value("leave")
    await expect(again.get_by_label("Cost", exact=True)).to_have_value("project")


async def test_by_keyboard_a_column_is_corrected_and_imported(page: Page, table: Path) -> None:
    site = await asked(page, table)
    cost = dialog(site).get_by_label("Cost", exact=True)
    await expect(dialog(site).get_by_role("button", name="Import")).to_be_focused()

    for _ in range(2):  # the columns from the last to the first
        await page.keyboard.press("Shift+Tab")
    await expect(cost).to_be_focused()
    await page.keyboard.type("Labels")
    await expect(cost).to_have_value("labels")
    await expect(rows(site).first).not_to_contain_text("Cost:")
    await expect(cost).to_be_focused()
    for _ in range(2):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(site.imported("tasks.csv")).to_contain_text("2 new", timeout=20_000)
    assert {label for task in (await site.api("/tasks"))["items"] for label in task["labels"]} == {"80 EUR", "12 EUR"}


async def test_escape_imports_nothing(page: Page, table: Path) -> None:
    site = await asked(page, table)

    await page.keyboard.press("Escape")

    await expect(dialog(site)).to_have_count(0)
    await expect(page.get_by_role("region", name="Imports")).to_have_count(0)
    await expect(page.get_by_role("button", name="Import", exact=True)).to_be_focused()
    assert (await site.api("/integrations"))["items"] == []


async def test_who_knows_the_order_of_dates_says_it(page: Page, tmp_path: Path) -> None:
    path = office.table(tmp_path / "tasks.csv", datetime.now(UTC), due=("3/4/2030", "5/6/2030"))
    site = await asked(page, path)
    await expect(rows(site).first).to_contain_text("Due 4 Mar 2030")

    await dialog(site).get_by_label("«3/4/2030» means").select_option(label="3 April (day first)")
    await expect(rows(site).first).to_contain_text("Due 3 Apr 2030")
    await dialog(site).get_by_label("Days and times such as").select_option("Asia/Tokyo")
    await expect(rows(site).first).to_contain_text("Asia/Tokyo")
    await dialog(site).get_by_role("button", name="Import").click()

    await expect(site.imported("tasks.csv")).to_contain_text("2 new", timeout=20_000)
    due = {task["due_at"] for task in (await site.api("/tasks"))["items"]}
    assert due == {"2030-04-03T14:59:00Z", "2030-06-05T14:59:00Z"}


async def test_what_fails_in_between_is_told_and_tried_again(page: Page, table: Path) -> None:
    site = await asked(page, table)

    async def away(route: Route) -> None:
        await route.abort()

    await page.route(PREVIEW, away)
    await dialog(site).get_by_label("Cost", exact=True).select_option("project")
    problem = dialog(site).get_by_role("alert")
    await expect(problem).to_contain_text("does not answer")

    await page.unroute(PREVIEW)
    await problem.get_by_role("button", name="Retry").click()
    await expect(problem).to_have_count(0)
    await expect(rows(site).first).not_to_contain_text("Cost:")


async def test_every_warning_of_a_report_can_be_read(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "tasks.csv"
    lines = [f"Task {n},open,{'soonish' if n % 2 else '2030-03-01'}" for n in range(420)]
    path.write_text("\n".join(["Task,Status,Due", *lines]))
    site = await asked(page, path)
    await dialog(site).get_by_role("button", name="Import").click()

    report = site.imported("tasks.csv")
    warnings = report.get_by_role("list", name="Warnings")
    await report.get_by_text("210 warnings").click(timeout=20_000)
    await expect(warnings.get_by_role("listitem")).to_have_count(200)
    await report.get_by_role("button", name="Show more of 210").click()

    await expect(warnings.get_by_role("listitem")).to_have_count(210)
    await expect(warnings).to_be_focused()


async def test_an_export_with_several_tables_shows_each(page: Page, tmp_path: Path) -> None:
    tables: dict[str, str | bytes] = {
        f"{name} {notion.own(name)}_all.csv": f"\ufeffName,Status,Owner\n{name} one,Done,Ana\n{name} two,To do,Ben"
        for name in ("Roof", "Cellar")
    }
    site = await asked(page, notion.export(tmp_path, tables))

    await expect(dialog(site).get_by_role("group")).to_have_count(2)
    await expect(dialog(site)).to_contain_text("3 of 3 columns understood")
    await dialog(site).get_by_role("button", name="Import").click()
    await expect(page.get_by_role("region", name="Imports")).to_contain_text("4 new", timeout=20_000)


async def test_on_a_phone_all_of_it_fits(page: Page, tmp_path: Path) -> None:
    await page.set_viewport_size({"width": 380, "height": 740})
    path = office.table(tmp_path / "tasks.csv", datetime.now(UTC), due=("3/4/2030", "5/6/2030"))
    site = await asked(page, path)

    wide = "(dialog) => [...dialog.querySelectorAll('*')].filter(n => n.getBoundingClientRect().right > 380).length"
    assert await dialog(site).evaluate(wide) == 0
    assert await site.width() == 380
