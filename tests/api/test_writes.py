"""Writing back as a program sees it: switched on, told to the service over HTTP, visible, and decided by people."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.database import Database
from app.settings import Settings
from scripts.fake_composio import faults
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving as standing_in
from tests.api.client import Document, ok, problem
from tests.api.conftest import serving, settings_on
from tests.api.test_pulling import World
from tests.conftest import QUICK, SettableClock

UPDATE = "NOTION_UPDATE_PAGE"


class Office(World):
    """A table of two rows whose integration is told what people do."""

    row: str = ""
    place_id: int = 0

    async def tell(self, seconds: float = 6) -> None:
        """Let what waits be sent."""
        self.clock.advance(seconds=seconds)
        while await self.api.jobs.sender.send_due():
            await self.api.jobs.sender.settle()

    async def task(self) -> Document:
        found: list[Document] = (await self.api.get("/tasks", q="certificate", status="open"))["items"]
        found += (await self.api.get("/tasks", q="certificate", status="done"))["items"]
        [task] = found
        return task

    async def writes(self, **query: Any) -> list[Document]:
        found: list[Document] = (await self.api.get("/writes", **query))["items"]
        return found

    def status(self) -> str:
        said: Any = self.notion.rows[self.row].properties["Status"]
        return str(said["status"]["name"])


@pytest.fixture
async def office(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    fake, notion = FakeComposio(now=clock), NotionSpace(now=clock)
    fake.connect("ca_notion", notion)
    table = notion.add_database("Work")
    row = notion.add_row(table, {"Name": "Renew the certificate", "Status": "Doing"})
    notion.add_row(table, {"Name": "Order chairs", "Status": "Next"})
    async with standing_in(fake) as url:
        given = {"composio_api_key": SecretStr("test-key"), "composio_base_url": url, **QUICK}
        on = settings_on(settings, database).model_copy(update=given)
        async with serving(on, clock, tmp_path / "uploads") as api:
            made = Office(api, fake, notion, clock)
            made.row = row
            made.place_id = (await made.add())["id"]
            await made.work()
            yield made


async def switch(office: Office, *, on: bool) -> Document:
    path = f"/api/v1/integrations/{office.place_id}"
    return ok(await office.api.http.patch(path, json={"write_back": on}))


async def test_it_is_off_until_somebody_says_so(office: Office) -> None:
    assert (await office.api.get(f"/integrations/{office.place_id}"))["write_back"] is False
    [kind] = [each for each in (await office.api.get("/integrations/kinds"))["items"] if each["kind"] == "notion"]
    assert kind["live"]["writes"]
    assert kind["live"]["write_scopes"]

    await office.api.verb((await office.task())["id"], "complete")
    await office.tell()

    assert await office.writes() == []
    assert office.status() == "Doing"


async def test_what_is_completed_here_is_done_there_and_comes_back_when_it_is_undone(office: Office) -> None:
    assert (await switch(office, on=True))["write_back"] is True
    task = await office.task()

    acted = await office.api.verb(task["id"], "complete")
    pending = await office.api.task(task["id"])
    await office.tell()
    done = await office.api.task(task["id"])
    there = office.status()
    [write] = (await office.api.get(f"/tasks/{task['id']}/writes"))["items"]
    await office.api.post(f"/undo/{acted['undo']['token']}")
    await office.tell()

    assert (pending["write_back"], done["write_back"]) == ("pending", "done")
    assert there == "Done"
    assert (write["state"], write["mark"], write["before"], write["integration"]) == ("done", "done", "open", "wiki")
    assert write["why"]
    assert office.status() == "Doing"
    assert await office.api.get(f"/writes/{write['id']}") == write


async def test_the_next_pull_finds_what_we_wrote_and_changes_nothing(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    await office.api.verb(task["id"], "complete")
    await office.tell()

    office.clock.advance(minutes=10)
    await office.work()
    await office.tell()

    assert (await office.api.task(task["id"]))["status"] == "done"
    assert len(await office.writes()) == 1


async def test_a_conflict_is_shown_and_overwritten_only_when_told_to(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    await office.api.verb(task["id"], "complete")
    office.notion.edit_row(office.row, {"Status": "Next"})

    await office.tell()
    [conflict] = await office.writes(state="conflict")
    there = office.status()
    shown = await office.api.task(task["id"])
    await office.api.post(f"/writes/{conflict['id']}/retry", {"overwrite": True})
    await office.tell()

    assert "Next" in conflict["why"]
    assert "Doing" in conflict["why"]
    assert there == "Next"
    assert shown["write_back"] == "conflict"
    assert office.status() == "Done"
    assert [each["state"] for each in await office.writes()] == ["done"]


async def test_an_outage_only_delays_it(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    await office.api.verb(task["id"], "complete")
    office.fake.faults.add(faults.status(503))

    await office.tell()
    [waiting] = await office.writes()
    office.fake.faults.clear()
    while office.status() != "Done":  # the breaker's rest is real time
        await office.tell(seconds=120)

    assert waiting["state"] == "pending"
    assert waiting["why"].endswith("It is tried again by itself.")


async def test_an_answer_that_is_lost_on_its_way_doubles_nothing(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    await office.api.verb(task["id"], "complete")
    office.fake.faults.add(faults.drop("after"), on=UPDATE, times=1)

    await office.tell()
    await office.tell(seconds=60)

    assert office.status() == "Done"
    assert sum(UPDATE in call.path for call in office.fake.calls) == 1
    assert [each["state"] for each in await office.writes()] == ["done"]


async def test_three_faults_in_ten_end_in_the_same(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    office.fake.faults.mix(0.3, seed=5, slow_s=0.05, retry_after=0, oddities=0.0)
    await office.api.verb(task["id"], "complete")

    for _ in range(20):
        await office.tell(seconds=900)
        if (await office.api.task(task["id"]))["write_back"] == "done":
            break
        for refused in await office.writes(state="refused"):
            await office.api.post(f"/writes/{refused['id']}/retry")

    assert office.status() == "Done"


async def test_what_waits_can_be_left_out(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    await office.api.verb(task["id"], "complete")
    [waiting] = await office.writes()

    left_out = await office.api.post(f"/writes/{waiting['id']}/cancel")
    await office.tell()

    assert (left_out["state"], left_out["why"]) == ("cancelled", "A person left it out.")
    assert office.status() == "Doing"
    again = await office.api.http.post(f"/api/v1/writes/{waiting['id']}/cancel")
    assert problem(again, 409)["detail"] == "It is cancelled: there is nothing to leave out."
    retried = await office.api.http.post(f"/api/v1/writes/{waiting['id']}/retry")
    assert problem(retried, 409)


async def test_what_can_not_be_told_says_so(office: Office) -> None:
    made = await office.api.post("/integrations", {"kind": "mbox", "name": "archive"})

    refused = await office.api.http.patch(f"/api/v1/integrations/{made['id']}", json={"write_back": True})

    assert "only read" in problem(refused, 409)["detail"]
    assert problem(await office.api.http.get("/api/v1/writes/99"), 404)["detail"] == "There is no write 99."
    assert problem(await office.api.http.get("/api/v1/tasks/99/writes"), 404)


async def test_all_that_was_refused_is_tried_again_with_one_request(office: Office) -> None:
    await switch(office, on=True)
    task = await office.task()
    await office.api.verb(task["id"], "complete")
    office.fake.faults.add(faults.tool_failed("permission denied", 403), on=UPDATE)
    await office.tell()
    [refused] = await office.writes()
    office.fake.faults.clear()

    again = await office.api.post(f"/integrations/{office.place_id}/writes/retry")
    await office.tell()

    assert (refused["state"], again) == ("refused", {"retried": 1})
    assert office.status() == "Done"
    assert problem(await office.api.http.post("/api/v1/integrations/99/writes/retry"), 404)
