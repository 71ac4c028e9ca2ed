"""While services are away, everything that is known of them stays usable and dated; afterwards it goes on by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.database import Database
from app.settings import Settings
from scripts.fake_composio.gmail import Mailbox
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage
from scripts.fake_composio.serving import serving as standing_in
from scripts.fake_composio.slack import Workspace
from tests.api.client import TASKS, Api, Document, content, message, ok, problem
from tests.api.conftest import serving, settings_on
from tests.api.test_rulesets import DOCUMENT
from tests.conftest import QUICK, START, SettableClock

KINDS = ("gmail", "slack", "notion")
GIVEN = {**QUICK, "sync_backoff_s": 15.0}


@dataclass
class Office:
    """An application beside three services from which it has pulled what there was."""

    api: Api
    fake: FakeComposio
    mailbox: Mailbox
    slack: Workspace
    notion: NotionSpace
    clock: SettableClock
    table: str = ""
    places: dict[str, int] = field(default_factory=dict)

    async def begin(self) -> None:
        self.mailbox.deliver(
            subject="The pump leaks", text="It is urgent: could you please repair it by Friday?", message_id="<p@x>"
        )
        ben = self.slack.user("U2", "Ben", "ben@client.example")
        room = self.slack.channel("C1", "support")
        self.slack.post(room, ben, "<@U1> can you please look at the turbine today?")
        self.table = self.notion.add_database("Work")
        self.notion.add_row(self.table, {"Name": "Renew the certificate", "Status": "Next", "Due": "2026-03-04"})
        self.clock.advance(minutes=1)
        for kind in KINDS:
            body = {
                "kind": kind,
                "name": kind,
                "settings": {"since": "2026-02-01"},
                "gateway": {"connected_account_id": f"ca_{kind}"},
            }
            self.places[kind] = (await self.api.post("/integrations", body))["id"]
        await self.work()

    async def work(self) -> None:
        """What the background does until nothing is left."""
        await self.api.jobs.pull_due()
        await self.api.app.state.jobs._pulling.dispatcher.settle()

    async def place(self, kind: str) -> Document:
        return await self.api.get(f"/integrations/{self.places[kind]}")

    async def tasks(self) -> dict[str, Document]:
        """By the kind they came from."""
        found = (await self.api.get("/tasks", limit=200))["items"]
        return {task["source"]["kind"]: task for task in found if task["source"]["kind"] in KINDS}

    async def fail(self, times: int = 1) -> None:
        """So many pulls of each that don't get through."""
        for _ in range(times):
            self.clock.advance(minutes=10)
            await self.work()


@pytest.fixture
async def office(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Office]:
    fake = FakeComposio(now=clock)
    mailbox, slack, notion = Mailbox(now=clock), Workspace(now=clock), NotionSpace(now=clock)
    slack.user("U1", "Support", "support@example.com")
    fake.connect("ca_gmail", mailbox)
    fake.connect("ca_slack", slack)
    fake.connect("ca_notion", notion)
    async with standing_in(fake) as url:
        access = {"composio_api_key": SecretStr("test-key"), "composio_base_url": url}
        given = settings_on(settings, database).model_copy(update=access | GIVEN)
        async with serving(given, clock, tmp_path / "uploads") as api:
            made = Office(api, fake, mailbox, slack, notion, clock)
            await made.begin()
            yield made


async def test_each_says_up_to_when_it_is_known_and_why_not_further(office: Office) -> None:
    before = {kind: await office.place(kind) for kind in KINDS}
    async with outage(office.fake):
        await office.fail()

        for kind in KINDS:
            place = await office.place(kind)
            assert (place["state"], place["failures"], place["items"]) == ("retrying", 1, 1)
            assert place["last_success_at"] == before[kind]["last_success_at"]
            assert place["cursor_age_s"] == 600
            assert place["last_error"]["cause"] == "outage"
            assert place["last_error"]["detail"].endswith(".")
            assert place["next_sync_at"] > office.clock().isoformat()[:19]

        await office.fail(times=4)
        place = await office.place("notion")
        assert (place["state"], place["failures"], place["cursor_age_s"]) == ("failing", 5, 3000)
        assert datetime.fromisoformat(place["first_failed_at"]) == START + timedelta(minutes=11)


async def test_queue_task_search_and_explanation_answer_as_before(office: Office) -> None:
    titles, tasks = await office.api.titles(), await office.tasks()
    assert set(tasks) == set(KINDS)
    async with outage(office.fake):
        await office.fail()

        assert sorted(await office.api.titles()) == sorted(titles)
        assert await office.api.titles(q="certificate") == ["Renew the certificate"]
        mail, row = tasks["gmail"]["id"], tasks["notion"]["id"]
        assert content(await office.api.task(mail))["title"] == "The pump leaks"
        [item] = (await office.api.get(f"/tasks/{mail}/items"))["items"]
        assert "could you please repair it" in item["text"]
        score = await office.api.get(f"/tasks/{mail}/score")
        assert score["contributions"]
        for path in ("facts", f"score/versus/{row}", "score/what-if", "score/forecast", "related", "history"):
            assert await office.api.get(f"/tasks/{mail}/{path}"), path


async def test_actions_and_their_undo_work(office: Office) -> None:
    tasks = await office.tasks()
    async with outage(office.fake):
        await office.fail()
        later = (office.clock() + timedelta(days=2)).isoformat()
        verbs: tuple[tuple[str, Document], ...] = (
            ("complete", {}),
            ("snooze", {"until": later}),
            ("assign", {"user": "ana"}),
            ("decline", {"reason": "No."}),
        )

        for task in tasks.values():
            before = content(await office.api.task(task["id"]))
            for verb, body in verbs:
                done = await office.api.verb(task["id"], verb, **body)
                assert content(await office.api.task(task["id"])) != before
                await office.api.post(f"/undo/{done['undo']['token']}")
                assert content(await office.api.task(task["id"])) == before
        merged = await office.api.verb(tasks["gmail"]["id"], "merge", into=tasks["slack"]["id"])
        assert merged["undo"]
        edited = ok(await office.api.http.patch(f"{TASKS}/{tasks['notion']['id']}", json={"notes": "Call them."}))
        assert edited["task"]["notes"] == "Call them."
        problem(await office.api.http.get(f"{TASKS}/999"), 404)


async def test_another_ruleset_ranks_what_is_known(office: Office) -> None:
    async with outage(office.fake):
        await office.fail()

        await office.api.post("/rulesets/own", {"document": DOCUMENT, "activate": True})
        while await office.api.jobs.keep_scores():
            pass

        for task in (await office.tasks()).values():
            score = await office.api.get(f"/tasks/{task['id']}/score")
            assert score["ruleset"]["name"] == DOCUMENT["name"]
            assert score["points"] == task["points"]


async def test_an_import_goes_on_meanwhile(office: Office) -> None:
    async with outage(office.fake):
        await office.fail()

        run = await office.api.import_mail(message("A letter"), into="archive")

    assert (run["state"], run["new"]) == ("succeeded", 1)
    assert "A letter" in await office.api.titles()


async def test_only_what_is_away_is_old(office: Office) -> None:
    """One account is gone; the others are pulled as before."""
    office.fake.set_status("ca_slack", "EXPIRED", "OAuth refresh token expired")
    office.notion.add_row(office.table, {"Name": "Order a ladder", "Status": "Next"})
    await office.fail()

    assert (await office.place("slack"))["state"] == "needs_reconnect"
    assert [(await office.place(kind))["state"] for kind in ("gmail", "notion")] == ["ok", "ok"]
    assert "Order a ladder" in await office.api.titles()
    assert set(await office.tasks()) == set(KINDS)


async def test_when_it_is_back_it_goes_on_without_a_restart_and_nothing_is_missed(office: Office) -> None:
    async with outage(office.fake):
        office.mailbox.deliver(subject="A second pump leaks", text="Could you come?", message_id="<p2@x>")
        office.notion.add_row(office.table, {"Name": "Order a ladder", "Status": "Next"})
        await office.fail(times=3)
        assert "Order a ladder" not in await office.api.titles()
    done = (await office.tasks())["slack"]["id"]
    await office.api.verb(done, "complete")
    office.clock.advance(minutes=10)

    await office.work()

    for kind in KINDS:
        place = await office.place(kind)
        assert (place["state"], place["failures"], place["last_error"], place["cursor_age_s"]) == ("ok", 0, None, 0)
    assert {"A second pump leaks", "Order a ladder"} <= set(await office.api.titles())
    assert (await office.api.task(done))["status"] == "done"  # what a person did meanwhile stays
