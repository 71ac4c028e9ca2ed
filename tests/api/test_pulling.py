"""Integrations that are pulled, as a program configures, asks for, follows and stops them; against the stand-in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.database import Database
from app.settings import Settings
from scripts.fake_composio import faults
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving as standing_in
from scripts.fake_composio.slack import Workspace
from tests.api.client import Api, Document, ok, problem
from tests.api.conftest import serving, settings_on
from tests.conftest import QUICK, SettableClock

LONG_AGO = date(2020, 1, 1)
CERTIFICATE = {"Name": "Renew the certificate"}


@dataclass
class World:
    """An application beside the service it pulls from."""

    api: Api
    fake: FakeComposio
    notion: NotionSpace
    clock: SettableClock

    async def add(self, name: str = "wiki", **settings: Any) -> Document:
        """A configured integration, due at once."""
        settings = {"since": LONG_AGO.isoformat(), "page_content": "none"} | settings
        body = {"kind": "notion", "name": name, "settings": settings, "gateway": {"connected_account_id": "ca_notion"}}
        return await self.api.post("/integrations", body)

    async def work(self) -> None:
        """What the background does until nothing is left."""
        await self.api.jobs.pull_due()
        await self.api.app.state.jobs._pulling.dispatcher.settle()

    async def place(self, integration: Document) -> Document:
        return await self.api.get(f"/integrations/{integration['id']}")


@pytest.fixture
async def world(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[World]:
    fake, notion = FakeComposio(now=clock), NotionSpace(now=clock)
    fake.connect("ca_notion", notion)
    async with standing_in(fake) as url:
        given = settings_on(settings, database).model_copy(
            update={
                "composio_api_key": SecretStr("test-key"),
                "composio_base_url": url,
                **QUICK,
            }
        )
        async with serving(given, clock, tmp_path / "uploads") as api:
            yield World(api, fake, notion, clock)


async def test_a_new_integration_is_pulled_at_once_and_its_rows_are_in_the_queue(world: World) -> None:
    table = world.notion.add_database("Work")
    world.notion.add_row(table, CERTIFICATE)

    made = await world.add()
    assert (made["state"], made["live"], made["level"], made["cursor_age_s"]) == ("new", True, "NORMAL", None)
    await world.work()

    place = await world.place(made)
    assert (place["state"], place["items"], place["failures"], place["run"]) == ("ok", 1, 0, None)
    assert place["breaker"] == {"state": "closed", "failures": 0, "retry_at": None}
    assert place["next_sync_at"] == "2026-03-02T09:05:00Z"
    assert await world.api.titles() == ["Renew the certificate"]
    [run] = (await world.api.get("/sync/runs"))["items"]
    assert (run["state"], run["reason"], run["new"], run["read"]) == ("succeeded", "schedule", 1, 1)
    assert run["cursor_before"] is None
    assert run["cursor_after"]


async def test_what_changes_at_the_source_is_followed_when_it_is_due_again(world: World) -> None:
    table = world.notion.add_database("Work")
    row = world.notion.add_row(table, CERTIFICATE)
    made = await world.add()
    await world.work()
    world.clock.advance(minutes=10)
    world.notion.edit_row(row, {"Name": "Renew both certificates"})

    await world.work()

    assert await world.api.titles() == ["Renew both certificates"]
    assert (await world.place(made))["cursor_age_s"] == 0


async def test_a_cron_job_pulls_what_is_due_and_waits_for_it(world: World) -> None:
    world.notion.add_row(world.notion.add_database("Work"), CERTIFICATE)
    await world.add()

    waiting = asyncio.create_task(world.api.http.post("/api/v1/sync", params={"wait": "true"}))
    await asyncio.sleep(0.05)
    await world.work()
    answer = await waiting

    assert answer.status_code == 202
    [run] = answer.json()["runs"]
    assert (run["state"], run["reason"], run["new"]) == ("succeeded", "request", 1)
    assert answer.json()["already_running"] == []


async def test_nothing_due_is_no_error(world: World) -> None:
    assert await world.api.post("/sync") == {"runs": [], "already_running": []}


async def test_what_is_being_pulled_already_is_named(world: World) -> None:
    await world.add()
    first = await world.api.post("/sync")

    second = await world.api.post("/sync")

    assert second["runs"] == []
    assert [run["id"] for run in second["already_running"]] == [first["runs"][0]["id"]]


async def test_one_integration_is_pulled_on_request_once_at_a_time(world: World) -> None:
    made = await world.add()
    await world.work()

    answer = await world.api.http.post(f"/api/v1/integrations/{made['id']}/sync")
    again = await world.api.http.post(f"/api/v1/integrations/{made['id']}/sync")

    run = ok(answer)["run"]
    assert (answer.status_code, run["state"], run["reason"]) == (202, "queued", "request")
    assert answer.headers["location"] == f"/api/v1/sync/runs/{run['id']}"
    assert problem(again, 409)["run"] == run["id"]
    assert (await world.place(made))["run"] == run["id"]
    assert (await world.place(made))["state"] == "syncing"


async def test_the_same_request_twice_under_one_key_is_one_pull(world: World) -> None:
    made = await world.add()
    await world.work()
    headers = {"Idempotency-Key": "once"}

    first = ok(await world.api.http.post(f"/api/v1/integrations/{made['id']}/sync", headers=headers))
    second = ok(await world.api.http.post(f"/api/v1/integrations/{made['id']}/sync", headers=headers))

    assert first == second


async def test_an_account_that_expired_asks_a_person_and_another_account_goes_on(world: World) -> None:
    world.notion.add_row(world.notion.add_database("Work"), CERTIFICATE)
    made = await world.add()
    world.fake.set_status("ca_notion", "EXPIRED", "OAuth refresh token expired")
    await world.work()

    place = await world.place(made)
    assert (place["state"], place["next_sync_at"], place["last_error"]["cause"]) == ("needs_reconnect", None, "access")
    world.clock.advance(days=1)
    await world.work()
    assert len((await world.api.get("/sync/runs"))["items"]) == 1

    world.fake.connect("ca_other", world.notion)
    patched = ok(
        await world.api.http.patch(
            f"/api/v1/integrations/{made['id']}", json={"gateway": {"connected_account_id": "ca_other"}}
        )
    )
    assert patched["next_sync_at"]
    await world.work()
    assert (await world.place(made))["state"] == "ok"
    assert await world.api.titles() == ["Renew the certificate"]


async def test_a_paused_integration_says_so_and_goes_on_when_resumed(world: World) -> None:
    world.notion.add_database("Work")
    made = await world.add()
    address = f"/api/v1/integrations/{made['id']}"

    paused = ok(await world.api.http.patch(address, json={"paused": True}))
    await world.work()
    refused = await world.api.http.post(f"{address}/sync")

    assert (paused["state"], paused["paused"], paused["next_sync_at"]) == ("paused", True, None)
    assert "resume" in problem(refused, 409)["detail"]
    assert (await world.api.get("/sync/runs"))["items"] == []
    ok(await world.api.http.patch(address, json={"paused": False}))
    await world.work()
    assert (await world.place(made))["state"] == "ok"


async def test_a_pull_that_waits_can_be_cancelled(world: World) -> None:
    made = await world.add()
    run = (await world.api.post(f"/integrations/{made['id']}/sync"))["run"]["id"]

    cancelled = await world.api.post(f"/sync/runs/{run}/cancel")

    assert cancelled["state"] == "cancelled"
    problem(await world.api.http.post(f"/api/v1/sync/runs/{run}/cancel"), 409)
    await world.work()
    assert [each["state"] for each in (await world.api.get("/sync/runs"))["items"]] == ["cancelled"]


async def test_an_outage_is_told_in_words_and_passes_by_itself(world: World) -> None:
    world.notion.add_row(world.notion.add_database("Work"), CERTIFICATE)
    made = await world.add()
    world.fake.faults.add(faults.status(503))
    await world.work()
    place = await world.place(made)
    assert (place["state"], place["failures"], place["level"]) == ("retrying", 1, "OFFLINE")
    assert (place["last_error"]["cause"], place["last_error"]["category"]) == ("outage", "network")
    assert "503" not in place["last_error"]["detail"]

    world.fake.faults.clear()
    world.clock.advance(timedelta(minutes=1))
    await world.work()

    assert (await world.place(made))["state"] == "ok"


async def test_an_answer_of_another_form_is_kept_and_read_again_after_a_mend(world: World) -> None:
    world.notion.add_row(world.notion.add_database("Work"), CERTIFICATE)
    made = await world.add(databases=[world.notion.add_database("Other")])
    world.fake.faults.add(faults.renamed_key("results", "rows"), on="NOTION_QUERY_DATABASE")
    world.fake.faults.add(faults.renamed_key("results", "rows"), on="NOTION_QUERY_DATABASE_WITH_FILTER")
    await world.work()

    place = await world.place(made)
    assert place["last_error"]["cause"] == "unreadable"
    listed = await world.api.get(f"/integrations/{made['id']}/unreadable")
    [kept] = listed["items"]
    assert kept["path"] == "data.results"
    detail = await world.api.get(f"/integrations/{made['id']}/unreadable/{kept['id']}")
    assert "rows" in str(detail["value"])
    replayed = await world.api.post(f"/integrations/{made['id']}/unreadable/{kept['id']}/replay")
    assert (replayed["readable"], replayed["new"]) == (False, 0)
    assert replayed["why"]


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"kind": "notion", "name": "x", "settings": {"databases": ["no id"]}}, "body.settings.databases"),
        ({"kind": "notion", "name": "x", "settings": {"colour": "red"}}, "body.settings.colour"),
        ({"kind": "mbox", "name": "x", "gateway": {"user_id": "u"}}, "body.gateway"),
        ({"kind": "notion", "name": "x", "gateway": {"account": "u"}}, "body.gateway.account"),
    ],
)
async def test_what_can_not_be_configured_is_told_by_field(world: World, body: Document, location: str) -> None:
    found = problem(await world.api.http.post("/api/v1/integrations", json=body), 422)

    assert any(each["location"].startswith(location) for each in found["errors"]), found["errors"]


async def test_an_imported_integration_can_not_be_pulled(world: World) -> None:
    made = await world.api.post("/integrations", {"kind": "mbox", "name": "archive"})

    found = problem(await world.api.http.post(f"/api/v1/integrations/{made['id']}/sync"), 409)

    assert "imported" in found["detail"]


async def test_kinds_say_how_they_are_pulled(world: World) -> None:
    kinds = {each["kind"]: each for each in (await world.api.get("/integrations/kinds"))["items"]}

    live = kinds["notion"]["live"]
    assert (live["service"], live["ready"], live["poll_every_s"]) == ("Notion", True, 300)
    assert "databases" in live["settings_schema"]["properties"]
    assert live["scopes"]
    assert kinds["mbox"]["live"] is None


async def test_tools_that_are_gone_are_known_from_the_start(world: World) -> None:
    world.fake.connect("ca_gmail", Mailbox(now=world.clock))
    world.fake.connect("ca_slack", Workspace(now=world.clock))
    world.fake.versions["notion"] = ["20990101_00"]

    await world.api.jobs.verify()

    kinds = {each["kind"]: each for each in (await world.api.get("/integrations/kinds"))["items"]}
    assert kinds["gmail"]["live"]["troubles"] == []
    assert all("is not there in version" in each for each in kinds["notion"]["live"]["troubles"])
    assert kinds["notion"]["live"]["troubles"]


async def test_a_refused_key_is_known_from_the_start(world: World) -> None:
    world.fake.faults.add(faults.status(401))

    await world.api.jobs.verify()

    [trouble] = (await world.api.get("/integrations/kinds"))["items"][0]["live"]["troubles"]
    assert "COMPOSIO_API_KEY" in trouble
    assert "test-key" not in trouble


async def test_deleting_an_integration_ends_its_pull(world: World) -> None:
    made = await world.add()
    await world.api.post(f"/integrations/{made['id']}/sync")

    ok(await world.api.http.delete(f"/api/v1/integrations/{made['id']}"))

    assert (await world.api.get("/sync/runs"))["items"] == []


async def test_without_a_key_nothing_can_be_pulled_and_that_is_said(sqlite_api: Api) -> None:
    body = {"kind": "notion", "name": "wiki", "gateway": {"user_id": "u"}}
    made = await sqlite_api.post("/integrations", body)

    one = problem(await sqlite_api.http.post(f"/api/v1/integrations/{made['id']}/sync"), 409)
    due = problem(await sqlite_api.http.post("/api/v1/sync"), 409)

    assert "COMPOSIO_API_KEY" in one["detail"]
    assert "COMPOSIO_API_KEY" in due["detail"]
