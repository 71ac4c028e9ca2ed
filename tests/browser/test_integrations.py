"""Integrations on the page: added by a form, connected by a link, pulled, in trouble, mended, set, and taken away;
against the stand-in for Composio."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import Page, expect
from pydantic import SecretStr

from app.core.clock import utc_now
from app.domains.identity.rules import Role
from scripts.fake_composio import faults
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage, running
from tests.browser import people
from tests.browser.site import Site
from tests.conftest import QUICK

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROW = "Renew the certificate"
PULLED = 20_000
"""Milliseconds within which the background has looked and pulled."""


@pytest.fixture
def fake() -> FakeComposio:
    """The service, with an account that is connected already and one row to pull."""
    fake, notion = FakeComposio(now=utc_now), NotionSpace(now=utc_now)
    notion.add_row(notion.add_database("Work"), {"Name": ROW})
    fake.connect("ca_notion", notion)
    return fake


@pytest.fixture
def changed(fake: FakeComposio) -> Iterator[dict[str, Any]]:
    with running(fake) as url:
        yield {
            "composio_api_key": SecretStr("test-key"),
            "composio_base_url": url,
            "connect_look_every_s": 0.2,
            **QUICK,
            "breaker_rest_s": 0.5,
        }


async def added(page: Page, account: str = "ca_notion") -> tuple[Site, int]:
    """The page of an integration whose account is connected, after its first pull."""
    site = Site(page)
    body = {"kind": "notion", "name": "Wiki", "gateway": {"connected_account_id": account}}
    made = int((await site.api("/integrations", "POST", **body))["id"])
    await site.go(f"/integrations/{made}", "Wiki")
    await expect(page.get_by_text("Up to date")).to_be_visible(timeout=PULLED)
    return site, made


async def test_one_is_added_by_its_form_connected_by_a_link_and_pulled(page: Page, fake: FakeComposio) -> None:
    site = Site(page)
    await site.go("/integrations", "Integrations")
    await page.get_by_role("button", name="Add integration").click()
    adding = page.get_by_role("dialog")
    await adding.get_by_role("button", name=re.compile("^Notion")).first.click()
    await adding.get_by_label("Name").fill("Wiki")
    await adding.get_by_text("What is pulled, and how").click()
    await adding.get_by_label("Databases").fill("not a link")
    await adding.get_by_role("button", name="Add, then connect").click()
    wrong = "«not a link» holds no id of a Notion database."
    await expect(adding.get_by_label("Databases")).to_have_accessible_description(re.compile(wrong))

    await page.keyboard.press("Control+a")
    await (
        adding.get_by_role("button", name="Remove not a link").or_(adding.locator(".mantine-Pill-remove")).first.click()
    )
    await adding.get_by_role("button", name="Add, then connect").click()
    connecting = page.get_by_role("dialog", name="Connect Notion")
    await connecting.get_by_role("button", name="Get the link").click()
    give = connecting.get_by_role("link", name="Give access to Notion")
    await expect(give).to_have_attribute("rel", re.compile("noreferrer"))
    await page.request.get(str(await give.get_attribute("href")))
    await expect(connecting).to_contain_text("Connected. The first pull begins by itself.", timeout=PULLED)
    await connecting.get_by_role("button", name="Done").click()

    await expect(page.get_by_role("heading", level=1, name="Wiki")).to_be_visible()
    await expect(page.get_by_text("Up to date")).to_be_visible(timeout=PULLED)


async def test_it_is_pulled_on_demand_and_the_page_shows_how_that_goes(page: Page, fake: FakeComposio) -> None:
    await added(page)
    fake.faults.add(faults.Fault(kind="slow_headers", seconds=1.0), times=1)

    await page.get_by_role("button", name="Sync now: Wiki").click()

    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop Wiki")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_have_count(0, timeout=PULLED)
    await expect(page.get_by_text("Up to date")).to_be_visible()
    await expect(page.get_by_role("button", name="Sync now: Wiki")).to_be_enabled()


async def test_a_service_that_is_down_is_told_in_words_with_the_one_fix(page: Page, fake: FakeComposio) -> None:
    await added(page)
    async with _away(fake):
        await page.get_by_role("button", name="Sync now: Wiki").click()
        await expect(page.get_by_text("The last pull failed; it is tried again")).to_be_visible(timeout=PULLED)
        again = page.get_by_role("button", name="Try now")
        await expect(again).to_be_visible()
        await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Integrations").click()
        await expect(page.get_by_role("heading", name="Wiki")).to_be_visible()
        await expect(page.get_by_text("The last pull failed; it is tried again")).to_be_visible()

    await again.click()
    await expect(page.get_by_text("Up to date")).to_be_visible(timeout=PULLED)


async def test_access_that_was_lost_is_asked_for_again(page: Page, fake: FakeComposio) -> None:
    await added(page)
    fake.set_status("ca_notion", "EXPIRED", "OAuth refresh token expired")

    await page.get_by_role("button", name="Sync now: Wiki").click()

    await expect(page.get_by_text("Its access was lost: connect the account again")).to_be_visible(timeout=PULLED)
    await page.get_by_role("button", name="Reconnect…").click()
    await expect(page.get_by_role("dialog", name="Connect Notion")).to_be_visible()


async def test_it_is_paused_told_renamed_and_deleted(page: Page) -> None:
    site, made = await added(page)
    await page.get_by_role("navigation", name="Parts of the integration").get_by_role("link", name="Settings").click()

    await page.get_by_role("switch", name="Pulled by itself").click()
    await expect(page.get_by_text("Paused: nothing is pulled").first).to_be_visible()
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_role("switch", name="Pulled by itself")).to_be_checked()

    await page.get_by_role("switch", name="Tell Notion what people do with its tasks").click()
    await expect(page.get_by_role("switch", name="Tell Notion what people do with its tasks")).to_be_checked()
    assert (await site.api(f"/integrations/{made}"))["write_back"]

    await page.get_by_role("textbox", name="Name", exact=True).fill("Handbook")
    await page.get_by_label("Hours between full listings").fill("0")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_label("Hours between full listings")).to_have_accessible_description(
        re.compile("should be greater than or equal to 1")
    )
    await page.get_by_label("Hours between full listings").fill("48")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1, name="Handbook")).to_be_visible()

    await page.get_by_role("button", name="Delete…").click()
    deleting = page.get_by_role("dialog", name="Delete Handbook?")
    await expect(deleting.get_by_role("button", name="Delete it")).to_be_disabled()
    await deleting.get_by_label("Type its name: Handbook").fill("Handbook")
    await deleting.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_role("heading", level=1, name="Integrations")).to_be_visible()
    assert (await site.api("/integrations"))["items"] == []


async def test_a_viewer_sees_how_it_stands_and_can_change_nothing(page: Page, served: FastAPI) -> None:
    site, made = await added(page)
    await page.context.clear_cookies()
    await people.sign_in(page, served, Role.VIEWER, email="vera@workshop.example")
    await site.go(f"/integrations/{made}", "Wiki")

    await expect(page.get_by_text("Up to date")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Sync now"))).to_have_count(0)
    await page.get_by_role("navigation", name="Parts of the integration").get_by_role("link", name="Settings").click()
    await expect(page.get_by_text("Its owner or an admin may change it.")).to_be_visible()
    await expect(page.get_by_role("switch")).to_have_count(0)


async def test_on_a_phone_all_of_it_fits(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    site, made = await added(page)

    for hash_ in ("", "#settings", "#unreadable", "#writes"):
        await page.goto(f"/integrations/{made}{hash_}")
        await expect(page.get_by_role("navigation", name="Parts of the integration")).to_be_visible()
        await site.settled()
        assert await site.width() == 390
    await site.go("/integrations", "Integrations")
    await expect(page.get_by_role("heading", name="Wiki")).to_be_visible()
    assert await site.width() == 390


class _away(outage):  # noqa: N801 (it reads as a verb)
    """The stand-in lives in a thread of its own, so its way is cut from there."""

    async def __aenter__(self) -> None:
        self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()
