"""Composio's webhooks, as they are delivered: signed, late, twice, forged; and what follows from them."""

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.database import Database
from app.domains.connections import pulls as pulling
from app.settings import Settings
from app.workflows.sync.webhooks.signing import signature
from scripts.fake_composio import faults
from scripts.fake_composio.webhooks import Delivery, delivery, expired, news
from tests.api.client import Document, ok, problem
from tests.api.conftest import settings_on
from tests.api.connected import SECRET, TAKEN, Site, site
from tests.conftest import SettableClock


@pytest.fixture
async def here(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Site]:
    async with site(settings_on(settings, database), clock, tmp_path) as made:
        yield made


@pytest.fixture
async def on_sqlite(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> AsyncIterator[Site]:
    async with site(settings_on(settings, sqlite_database), clock, tmp_path) as made:
        yield made


async def pulled(here: Site) -> int:
    """An integration that was pulled a while ago."""
    here.row()
    made = await here.add(account="ca_notion")
    await here.work()
    here.clock.advance(seconds=30)
    return made


async def taken(here: Site, made: Delivery) -> Document:
    return ok(await here.deliver(made))


async def test_something_new_is_pulled_at_once_and_not_when_it_is_due(here: Site) -> None:
    made = await pulled(here)
    here.row("Move the office")

    said = await taken(here, here.news())
    assert said == {
        "duplicate": False,
        "event": "composio.trigger.message",
        "integrations": [made],
        "what": "wiki: it is pulled now.",
    }
    assert (await here.place(made))["state"] == "syncing"
    await here.work()

    assert "Move the office" in await here.api.titles()
    assert [run["reason"] for run in await here.runs()] == ["request", "schedule"]


async def test_the_form_of_before_is_understood_too(on_sqlite: Site) -> None:
    made = await pulled(on_sqlite)

    said = await taken(on_sqlite, on_sqlite.news(version="V2"))

    assert (said["event"], said["integrations"]) == ("news", [made])
    assert len(await on_sqlite.runs()) == 2


async def test_every_integration_of_the_account_is_pulled_and_no_other(here: Site) -> None:
    here.row()
    here.fake.connect("ca_other", here.notion)
    first, second = await here.add(account="ca_notion"), await here.add("wiki again", "ca_notion")
    await here.add("other", "ca_other")
    await here.work()
    here.clock.advance(seconds=30)

    said = await taken(here, here.news())

    assert said["integrations"] == [first, second]
    assert {run["integration"] for run in await here.runs() if run["state"] == "queued"} == {"wiki", "wiki again"}


async def test_a_repeat_is_answered_and_does_nothing(here: Site) -> None:
    await pulled(here)
    made = here.news()
    await taken(here, made)
    await here.work()
    here.clock.advance(seconds=30)

    again = await taken(here, made)

    assert (again["duplicate"], again["integrations"]) == (True, [])
    assert len(await here.runs()) == 2


async def test_the_same_delivery_many_times_at_the_same_moment_is_one(here: Site) -> None:
    await pulled(here)
    made = here.news()

    said = await asyncio.gather(*(taken(here, made) for _ in range(8)))

    assert sorted(each["duplicate"] for each in said) == [False] + [True] * 7
    assert len(await here.runs()) == 2


async def test_a_delivery_is_forgotten_after_a_day(on_sqlite: Site) -> None:
    await taken(on_sqlite, on_sqlite.news())
    await on_sqlite.api.jobs.tidy()
    assert len(await on_sqlite.received()) == 1

    on_sqlite.clock.advance(days=1, seconds=1)
    await on_sqlite.api.jobs.tidy()

    assert await on_sqlite.received() == []


async def test_news_during_a_pull_is_not_lost(here: Site) -> None:
    made = await pulled(here)
    here.clock.advance(minutes=10)
    here.fake.latency_s = 0.2
    await here.api.jobs.pull_due()
    here.clock.advance(seconds=1)

    said = await taken(here, here.news())
    assert said["what"].startswith("wiki: it is being pulled")
    here.fake.latency_s = 0
    await here.work()

    place = await here.place(made)
    assert place["state"] == "ok"
    here.clock.now += pulling.PUSHED_AGAIN
    await here.work()
    runs = await here.runs()
    assert (len(runs), runs[0]["state"]) == (3, "succeeded")
    assert (await here.place(made))["next_sync_at"] == (here.clock() + timedelta(minutes=5)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


async def test_news_for_a_pull_that_still_waits_is_in_it(here: Site) -> None:
    made = await pulled(here)
    await here.api.post(f"/integrations/{made}/sync")

    await taken(here, here.news())
    await here.work()

    assert len(await here.runs()) == 2


async def test_a_burst_of_fifty_makes_a_pull_every_few_seconds(here: Site) -> None:
    await pulled(here)

    for _ in range(50):
        await taken(here, here.news())
        await here.work()
        here.clock.advance(seconds=0.2)
    here.row("The last thing")
    await taken(here, here.news())
    here.clock.now += pulling.PUSHED_AGAIN
    await here.work()

    assert 4 <= len(await here.runs()) <= 7
    assert "The last thing" in await here.api.titles()


async def test_fifty_at_the_same_moment_make_one_pull(here: Site) -> None:
    made = await pulled(here)

    said = await asyncio.gather(*(taken(here, here.news()) for _ in range(50)))

    assert all(each["integrations"] == [made] for each in said)
    assert len(await here.runs()) == 2


async def test_news_is_pulled_where_only_cron_pulls_otherwise(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    own = settings_on(settings, sqlite_database)
    async with site(own, clock, tmp_path, sync_schedule=False) as here:
        here.row()
        await here.add(account="ca_notion")
        await here.work()
        assert await here.runs() == []

        for _ in range(3):
            await taken(here, here.news())
            await here.work()
            clock.advance(seconds=1)
        clock.advance(seconds=5)
        await here.work()
        clock.advance(hours=1)
        await here.work()

        assert len(await here.runs()) == 2


async def test_what_fails_keeps_its_own_times(on_sqlite: Site) -> None:
    made = await pulled(on_sqlite)
    on_sqlite.fake.faults.add(faults.status(429, retry_after=120))
    on_sqlite.clock.advance(minutes=10)
    await on_sqlite.work()
    before = await on_sqlite.place(made)
    assert before["state"] == "rate_limited"

    said = await taken(on_sqlite, on_sqlite.news())

    assert said["what"] == "wiki: it is pulled in a moment, or when it may be tried again."
    assert (await on_sqlite.place(made))["next_sync_at"] == before["next_sync_at"]
    assert len(await on_sqlite.runs()) == 2


async def test_nothing_is_pulled_that_is_paused(on_sqlite: Site) -> None:
    made = await pulled(on_sqlite)
    ok(await on_sqlite.api.http.patch(f"/api/v1/integrations/{made}", json={"paused": True}))

    said = await taken(on_sqlite, on_sqlite.news())

    assert "nothing is pulled" in said["what"]
    assert len(await on_sqlite.runs()) == 1


async def test_access_that_was_lost_is_known_at_once(here: Site) -> None:
    made = await pulled(here)
    run = (await here.api.post(f"/integrations/{made}/sync"))["run"]["id"]

    said = await taken(here, here.expiry())

    assert said["what"] == "wiki needs its Notion account to be connected again."
    place = await here.place(made)
    assert (place["state"], place["next_sync_at"], place["run"]) == ("needs_reconnect", None, None)
    assert (place["last_error"]["cause"], place["last_error"]["category"]) == ("access", "authentication")
    assert "«OAuth refresh token expired»" in place["last_error"]["detail"]
    assert (await here.api.get(f"/sync/runs/{run}"))["state"] == "cancelled"
    assert (await here.events())[-1] == "needs_reconnect"
    here.fake.set_status("ca_notion", "ACTIVE")
    ignored = await taken(here, here.news())
    assert "connected again" in ignored["what"]
    here.clock.advance(days=1)
    await here.work()
    assert len(await here.runs()) == 2


async def test_an_expiry_that_comes_after_the_account_has_its_access_again_is_let_be(on_sqlite: Site) -> None:
    made = await pulled(on_sqlite)
    late = expired(on_sqlite.fake.accounts.get("ca_notion"), on_sqlite.clock())

    said = await taken(on_sqlite, delivery(SECRET, late, on_sqlite.clock()))

    assert (late["data"]["status"], said["integrations"]) == ("ACTIVE", [])
    assert (await on_sqlite.place(made))["state"] == "ok"


async def test_access_lost_in_the_middle_of_a_pull_ends_it(here: Site) -> None:
    made = await pulled(here)
    await here.api.post(f"/integrations/{made}/sync")
    here.fake.latency_s = 0.2
    await here.api.jobs.pull_due()

    await taken(here, here.expiry())
    await here.api.jobs._pulling.dispatcher.settle()

    assert (await here.place(made))["state"] == "needs_reconnect"
    assert (await here.runs())[0]["state"] == "cancelled"


async def test_the_expiry_of_an_account_that_was_replaced_changes_nothing(here: Site) -> None:
    here.row()
    made, first = await here.connected()
    await here.follow(await here.connect(made))
    await here.look()
    await here.work()

    said = await taken(here, here.expiry(first))

    assert said["what"] == "No integration here uses that account: nothing was done."
    assert (await here.place(made))["state"] == "ok"


def told(**changed: Any) -> Document:
    return {"id": "x", "type": "composio.trigger.message", "metadata": {"connected_account_id": "ca_notion"}, **changed}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (told(type="composio.trigger.disabled"), "means nothing here"),
        (told(metadata={"connected_account_id": "ca_nobody"}), "No integration here"),
        (told(metadata={"connected_account_id": "ca_notion\x00"}), "No integration here"),
        (told(metadata={"connected_account_id": {"$ne": 1}}), "No integration here"),
        (told(metadata=None), "No integration here"),
        ({"trigger_name": "GMAIL_NEW_GMAIL_MESSAGE", "connection_id": "u"}, "means nothing here"),
        ({"type": "composio.connected_account.expired", "data": []}, "No integration here"),
        ({"type": 7}, "means nothing here"),
        ({"type": "\ud800\x00" + "x" * 5000}, "means nothing here"),
        ({}, "means nothing here"),
    ],
)
async def test_what_means_nothing_here_is_taken_and_said(here: Site, event: Document, said: str) -> None:
    await pulled(here)

    answer = await taken(here, delivery(SECRET, event, here.clock()))

    assert (said in answer["what"], answer["integrations"]) == (True, [])
    assert len(answer["event"]) <= 100
    assert len(await here.runs()) == 1


@pytest.mark.parametrize("wrong", ["signature", "time", "body"])
async def test_what_is_not_signed_by_composio_just_now_is_refused_in_the_same_words(
    on_sqlite: Site, wrong: str
) -> None:
    await pulled(on_sqlite)

    found = problem(await on_sqlite.deliver(on_sqlite.news(wrong=wrong)), 401)

    assert found["code"] == "unauthenticated"
    assert found["detail"] == problem(await on_sqlite.api.http.post(TAKEN, content=b"{}"), 401)["detail"]
    assert (len(await on_sqlite.runs()), await on_sqlite.received()) == (1, [])


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_each_header_is_needed(on_sqlite: Site, missing: str) -> None:
    made = on_sqlite.news()
    headers = {name: value for name, value in made.headers.items() if name != missing}

    problem(await on_sqlite.api.http.post(TAKEN, content=made.body, headers=headers), 401)


@pytest.mark.parametrize("seconds", [-299, 299, -301, 301])
async def test_clocks_may_differ_by_five_minutes(on_sqlite: Site, seconds: int) -> None:
    made = on_sqlite.news()

    on_sqlite.clock.advance(seconds=seconds)

    assert (await on_sqlite.deliver(made)).status_code == (200 if abs(seconds) < 300 else 401)


async def test_a_later_time_can_not_be_put_on_an_old_delivery(on_sqlite: Site) -> None:
    made = on_sqlite.news()
    on_sqlite.clock.advance(hours=1)
    headers = dict(made.headers) | {"webhook-timestamp": str(int(on_sqlite.clock().timestamp()))}

    problem(await on_sqlite.api.http.post(TAKEN, content=made.body, headers=headers), 401)


@pytest.mark.parametrize("timestamp", ["", "now", "1e9", "١٧٧٢٤٤٢٠٠٠", "9" * 400, "-1"])
async def test_a_time_that_is_none_is_refused_even_if_it_is_signed(on_sqlite: Site, timestamp: str) -> None:
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(SECRET, "msg_1", timestamp, b"{}"),
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]

    problem(await on_sqlite.api.http.post(TAKEN, content=b"{}", headers=raw), 401)


async def test_two_secrets_hold_while_one_is_changed(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    own = settings_on(settings, sqlite_database)
    async with site(own, clock, tmp_path, composio_webhook_secret=SecretStr("old, new")) as here:
        event = news(here.fake.accounts.get("ca_notion"), clock())

        for secrets in ("old", "new", ["other", "new"], ["new", "other"]):
            assert (await here.deliver(delivery(secrets, event, clock()))).status_code == 200
        problem(await here.deliver(delivery("old, new", event, clock())), 401)


async def test_without_a_secret_none_is_taken_and_it_says_what_to_set(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    own = settings_on(settings, sqlite_database)
    async with site(own, clock, tmp_path, composio_webhook_secret=SecretStr(" , ")) as here:
        found = problem(await here.deliver(delivery("", told(), clock())), 403)

    assert "COMPOSIO_WEBHOOK_SECRET" in found["detail"]


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_event_is_refused_although_it_is_signed(on_sqlite: Site, body: bytes) -> None:
    found = problem(await on_sqlite.deliver(delivery(SECRET, body, on_sqlite.clock())), 400)

    assert found["code"] == "malformed"
    assert await on_sqlite.received() == []


async def test_an_id_that_is_too_long_is_refused(here: Site) -> None:
    problem(await here.deliver(here.news(delivery_id="x" * 201)), 400)
    assert (await here.deliver(here.news(delivery_id="x" * 200))).status_code == 200


async def test_a_body_that_is_too_large_is_not_even_read(on_sqlite: Site) -> None:
    large = json.dumps(told(data={"text": "x" * 1_000_001})).encode()

    problem(await on_sqlite.deliver(delivery(SECRET, large, on_sqlite.clock())), 413)


async def test_nothing_secret_stands_in_the_log(on_sqlite: Site, logged: list[MutableMapping[str, Any]]) -> None:
    await pulled(on_sqlite)
    good, bad = on_sqlite.news(), on_sqlite.news(wrong="signature")

    await on_sqlite.deliver(good)
    await on_sqlite.deliver(bad)

    assert any(entry["event"] == "a webhook was refused" for entry in logged)
    written = str(logged)
    assert SECRET not in written
    assert good.headers["webhook-signature"] not in written
    assert json.loads(good.body)["data"]["message_id"] not in written


async def test_the_trail_tells_what_a_delivery_did_and_nothing_of_one_that_did_nothing(here: Site) -> None:
    made = await pulled(here)
    here.row("Move the office")
    before = (await here.api.get("/audit"))["items"]

    sent = here.news()
    for _ in range(2):
        await taken(here, sent)

    entries = (await here.api.get("/audit"))["items"]
    added = [each for each in entries if each not in before]
    told = [(each["actor"], each["actor_name"]) for each in added if each["action"] == "take_composio_webhook"]
    assert told == [("program", "composio")], made
