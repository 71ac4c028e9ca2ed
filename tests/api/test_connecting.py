"""Connecting accounts by a link, again where access was lost, and giving the access back; against the stand-in."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.domains.connections import pulls
from app.settings import Settings
from scripts.fake_composio import faults
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.serving import outage
from tests.api.client import Api, database_of, ok, problem
from tests.api.conftest import settings_on
from tests.api.connected import Site, site
from tests.conftest import SettableClock

LINK = "/api/v3.1/connected_accounts/link"


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


async def test_from_nothing_to_work_in_the_queue_by_following_a_link(here: Site) -> None:
    here.row()
    made = await here.add()
    assert (await here.connection(made))["state"] == "none"

    answer = await here.api.http.post(f"/api/v1/integrations/{made}/connect")
    link = ok(answer)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/integrations/{made}/connection"
    waiting = await here.connection(made)
    assert (waiting["state"], waiting["redirect_url"]) == ("pending", link["redirect_url"])
    assert (waiting["expires_at"], waiting["account_id"]) == ("2026-03-02T09:10:00Z", link["account_id"])
    await here.look()
    assert (await here.connection(made))["state"] == "pending"

    assert (await here.follow(link)).status_code == 200
    await here.look()

    now = await here.connection(made)
    assert (now["state"], now["redirect_url"], now["why"]) == ("active", None, None)
    place = await here.place(made)
    assert place["gateway"] == {"connected_account_id": link["account_id"], "user_id": "default"}
    assert (place["state"], place["live"], place["next_sync_at"]) == ("new", True, "2026-03-02T09:00:00Z")
    await here.work()
    assert (await here.place(made))["state"] == "ok"
    assert await here.api.titles() == ["Renew the certificate"]


async def test_the_browser_comes_back_to_where_was_said(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    own = settings_on(settings, sqlite_database)
    async with site(own, clock, tmp_path, public_url="https://watch.example/") as here:
        made = await here.add()

        default = await here.follow(await here.connect(made))
        said = await here.follow(await here.connect(made, callback_url="http://127.0.0.1:1/done"))

    assert default.headers["location"].startswith(f"https://watch.example/integrations/{made}?status=success")
    assert said.headers["location"].startswith("http://127.0.0.1:1/done?status=success")


async def test_access_that_was_lost_is_given_again_by_another_mailbox(here: Site) -> None:
    here.row()
    made, first = await here.connected()
    await here.work()
    here.fake.set_status(first, "EXPIRED", "OAuth refresh token expired")
    here.clock.advance(minutes=10)
    await here.work()
    assert (await here.place(made))["state"] == "needs_reconnect"

    other = NotionSpace(now=here.clock)
    other.add_row(other.add_database("Elsewhere"), {"Name": "Move the office"})
    link = await here.connect(made)
    here.fake.accounts.get(link["account_id"]).toolkit = other
    await here.follow(link)
    await here.look()
    await here.work()

    place = await here.place(made)
    assert (place["state"], place["failures"], place["last_error"]) == ("ok", 0, None)
    assert place["gateway"]["connected_account_id"] == link["account_id"]
    assert "Move the office" in await here.api.titles()
    assert list(await here.revocations()) == [first]
    await here.api.jobs.give_back()
    assert (here.fake.accounts.get(first).status, await here.revocations()) == ("REVOKED", {})


async def test_a_link_that_nobody_follows_expires_and_says_what_to_do(here: Site) -> None:
    made = await here.add()
    link = await here.connect(made)

    here.clock.advance(minutes=11)
    await here.look()

    now = await here.connection(made)
    assert (now["state"], now["redirect_url"]) == ("expired", None)
    assert now["why"] == "The link was not followed in time. Ask for a new link."
    assert (await here.follow(link)).status_code == 404
    assert (await here.place(made))["gateway"] is None
    again = await here.connect(made)
    await here.follow(again)
    await here.look()
    assert (await here.connection(made))["state"] == "active"


@pytest.mark.parametrize(
    ("status", "reason", "state", "said"),
    [
        ("FAILED", "access_denied", "failed", "Notion did not give access: «access_denied»"),
        ("INACTIVE", None, "failed", "switched off"),
        ("REVOKED", None, "failed", "taken back"),
        ("EXPIRED", "OAuth refresh token expired", "expired", "expired: «OAuth refresh token expired»"),
        ("EXPIRED", "Connection initiation did not complete within 10 minutes", "expired", "not followed in time"),
    ],
)
async def test_whatever_ends_a_link_is_told_in_a_sentence(
    on_sqlite: Site, status: str, reason: str | None, state: str, said: str
) -> None:
    made = await on_sqlite.add()
    link = await on_sqlite.connect(made)
    on_sqlite.fake.set_status(link["account_id"], status, reason)

    await on_sqlite.look()

    now = await on_sqlite.connection(made)
    assert (now["state"], said in now["why"], now["why"].endswith("Ask for a new link.")) == (state, True, True)


async def test_an_account_that_was_deleted_at_composio_ends_its_link(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    link = await on_sqlite.connect(made)
    del on_sqlite.fake.accounts.by_id[link["account_id"]]

    await on_sqlite.look()

    assert (await on_sqlite.connection(made))["state"] == "failed"


async def test_a_new_link_makes_the_one_before_forgotten(here: Site) -> None:
    made = await here.add()
    first = await here.connect(made)
    second = await here.connect(made)

    await here.follow(first)
    await here.look()
    assert (await here.connection(made))["state"] == "pending"
    await here.follow(second)
    await here.look()

    assert (await here.place(made))["gateway"]["connected_account_id"] == second["account_id"]
    here.clock.advance(minutes=12)
    await here.api.jobs.give_back()
    assert here.fake.accounts.get(first["account_id"]).status == "REVOKED"
    assert here.fake.accounts.get(second["account_id"]).status == "ACTIVE"


async def test_a_link_that_was_forgotten_and_never_followed_needs_nothing_given_back(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    await on_sqlite.connect(made)
    await on_sqlite.connect(made)
    on_sqlite.fake.faults.add(faults.status(400), on="*/revoke")
    on_sqlite.clock.advance(minutes=12)

    await on_sqlite.api.jobs.give_back()

    assert await on_sqlite.revocations() == {}


async def test_the_same_request_twice_under_one_key_is_one_link(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    address, headers = f"/api/v1/integrations/{made}/connect", {"Idempotency-Key": "once"}

    first = ok(await on_sqlite.api.http.post(address, headers=headers))
    second = await on_sqlite.api.http.post(address, headers=headers)

    assert "Its answer held a secret, which is shown once" in problem(second, 409)["detail"]
    assert (await on_sqlite.connection(made))["redirect_url"] == first["redirect_url"]
    assert sum(call.path == LINK for call in on_sqlite.fake.calls) == 1


async def test_a_paused_integration_is_connected_and_stays_paused(on_sqlite: Site) -> None:
    made, _ = await on_sqlite.connected()
    ok(await on_sqlite.api.http.patch(f"/api/v1/integrations/{made}", json={"paused": True}))

    await on_sqlite.follow(await on_sqlite.connect(made))
    await on_sqlite.look()

    place = await on_sqlite.place(made)
    assert (place["state"], place["next_sync_at"]) == ("paused", None)
    assert (await on_sqlite.connection(made))["state"] == "active"


async def test_connecting_stops_a_pull_of_the_account_before(here: Site) -> None:
    here.row()
    made, _ = await here.connected()
    run = (await here.api.post(f"/integrations/{made}/sync"))["run"]["id"]

    await here.follow(await here.connect(made))
    await here.look()

    assert (await here.api.get(f"/sync/runs/{run}"))["state"] == "cancelled"
    await here.work()
    assert [each["state"] for each in await here.runs()] == ["succeeded", "cancelled"]


async def test_an_edit_at_the_moment_at_which_a_link_ends_does_not_undo_it(
    postgres_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path, monkeypatch: Any
) -> None:
    async with site(settings_on(settings, postgres_database), clock, tmp_path) as here:
        made = await here.add(account="ca_notion")
        link = await here.connect(made)
        await here.follow(link)
        look, ending = pulls.unfinished_of, []

        async def then_the_link_ends(session: Any, integration_id: int) -> Any:
            monkeypatch.setattr(pulls, "unfinished_of", look)
            ending.append(asyncio.create_task(here.look()))
            await asyncio.wait(ending, timeout=0.5)
            return await look(session, integration_id)

        monkeypatch.setattr(pulls, "unfinished_of", then_the_link_ends)
        body = {"gateway": {"user_id": "somebody"}}
        ok(await here.api.http.patch(f"/api/v1/integrations/{made}", json=body))
        await asyncio.gather(*ending)

        assert (await here.place(made))["gateway"]["connected_account_id"] == link["account_id"]


async def test_who_watches_hears_of_it(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    link = await on_sqlite.connect(made)
    await on_sqlite.follow(link)
    await on_sqlite.look()

    assert await on_sqlite.events() == ["new", "new", "new"], "it was made, its link was, its account was connected"


async def test_the_link_stands_in_no_log(on_sqlite: Site, logged: list[MutableMapping[str, Any]]) -> None:
    made, _ = await on_sqlite.connected()
    link = await on_sqlite.connect(made)
    on_sqlite.fake.faults.add(faults.status(500))
    await on_sqlite.look()

    token = link["redirect_url"].rpartition("/")[2]
    assert token not in str(logged)


async def test_the_link_stands_in_no_log_also_where_it_can_not_be_kept(
    on_sqlite: Site, logged: list[MutableMapping[str, Any]]
) -> None:
    made = await on_sqlite.add()
    async with database_of(on_sqlite.api).writing() as session:
        await session.execute(text(_FULL))

    problem(await on_sqlite.api.http.post(f"/api/v1/integrations/{made}/connect"), 500)

    [failed] = [entry for entry in logged if entry.get("exc_info")]
    assert "the disk is full" in str(failed["exc_info"])
    assert "/link/" not in str(failed["exc_info"])


_FULL = """
CREATE TRIGGER full BEFORE UPDATE OF connection ON integrations BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
"""


async def test_looking_changes_nothing_and_asks_nobody(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    link = await on_sqlite.connect(made)
    await on_sqlite.follow(link)
    before = len(on_sqlite.fake.calls)

    assert (await on_sqlite.connection(made))["state"] == "pending"

    assert len(on_sqlite.fake.calls) == before


async def test_nothing_is_asked_where_no_link_waits(on_sqlite: Site) -> None:
    await on_sqlite.connected()
    before = len(on_sqlite.fake.calls)

    await on_sqlite.look()

    assert len(on_sqlite.fake.calls) == before


async def test_a_link_is_not_shown_once_it_is_over(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    await on_sqlite.connect(made)

    on_sqlite.clock.advance(minutes=10)

    now = await on_sqlite.connection(made)
    assert (now["state"], now["redirect_url"]) == ("pending", None)


@pytest.mark.parametrize(
    ("fault", "status"),
    [(faults.status(500), 503), (faults.status(401), 502), (faults.status(429, retry_after=60), 503)],
)
async def test_a_link_that_can_not_be_had_leaves_nothing_behind(
    on_sqlite: Site, fault: faults.Fault, status: int
) -> None:
    made = await on_sqlite.add()
    on_sqlite.fake.faults.add(fault, on=LINK)

    found = problem(await on_sqlite.api.http.post(f"/api/v1/integrations/{made}/connect"), status)

    assert "Composio" in found["detail"]
    assert (await on_sqlite.connection(made))["state"] == "none"


async def test_an_outage_while_a_link_waits_is_outlived(here: Site) -> None:
    made = await here.add()
    link = await here.connect(made)
    await here.follow(link)
    async with outage(here.fake):
        await here.look()
        assert (await here.connection(made))["state"] == "pending"
        here.clock.advance(hours=2)
        await here.look()
    assert (await here.connection(made))["state"] == "pending"

    here.clock.advance(minutes=2)
    await here.look()

    assert (await here.connection(made))["state"] == "active"


async def test_what_can_not_be_asked_about_is_asked_about_less_and_less(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    await on_sqlite.connect(made)
    on_sqlite.fake.faults.add(faults.status(401))
    on_sqlite.fake.calls.clear()

    for _ in range(60):
        await on_sqlite.look()
        on_sqlite.clock.advance(seconds=3)

    assert len(on_sqlite.fake.calls) <= 8


async def test_a_link_nobody_can_tell_of_for_a_day_is_given_up(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    await on_sqlite.connect(made)
    on_sqlite.fake.faults.add(faults.status(401))

    await on_sqlite.look()
    on_sqlite.clock.advance(days=1, minutes=11)
    await on_sqlite.look()

    now = await on_sqlite.connection(made)
    assert (now["state"], "COMPOSIO_API_KEY" in now["why"]) == ("failed", True)


async def test_what_can_not_be_connected_says_why(
    on_sqlite: Site, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    archive = await on_sqlite.api.post("/integrations", {"kind": "mbox", "name": "archive"})
    mail = await on_sqlite.api.post("/integrations", {"kind": "gmail", "name": "mail"})
    http = on_sqlite.api.http

    assert "imported" in problem(await http.post(f"/api/v1/integrations/{archive['id']}/connect"), 409)["detail"]
    assert "no integration 99" in problem(await http.post("/api/v1/integrations/99/connect"), 404)["detail"]
    assert "no integration 99" in problem(await http.get("/api/v1/integrations/99/connection"), 404)["detail"]
    unset = problem(await http.post(f"/api/v1/integrations/{mail['id']}/connect"), 502)
    assert (unset["code"], "dashboard" in unset["detail"]) == ("not_there", True)
    wrong = {"callback_url": "javascript:alert(1)"}
    found = problem(await http.post(f"/api/v1/integrations/{mail['id']}/connect", json=wrong), 422)
    assert found["errors"][0]["location"] == "body.callback_url"


async def test_without_a_key_it_says_what_to_set(sqlite_api: Api) -> None:
    made = await sqlite_api.post("/integrations", {"kind": "notion", "name": "wiki"})

    found = problem(await sqlite_api.http.post(f"/api/v1/integrations/{made['id']}/connect"), 409)

    assert "COMPOSIO_API_KEY" in found["detail"]


async def test_an_older_server_connects_its_accounts_itself(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    own = settings_on(settings, sqlite_database)
    async with site(own, clock, tmp_path, composio_gateway="sdk", composio_sdk_api="v2") as here:
        made = await here.add()

        found = problem(await here.api.http.post(f"/api/v1/integrations/{made}/connect"), 409)

    assert "connected_account_id" in found["detail"]


async def test_demo_data_and_an_account_never_stand_in_for_each_other(
    sqlite_database: Database, settings: Settings, clock: SettableClock, tmp_path: Path
) -> None:
    own = settings_on(settings, sqlite_database)
    async with site(own, clock, tmp_path, integrations_stub_mode=True) as here:
        body = {"kind": "notion", "name": "made up", "gateway": {"name": "demo"}}
        made = await here.api.post("/integrations", body)

        found = problem(await here.api.http.post(f"/api/v1/integrations/{made['id']}/connect"), 409)

    assert "of your own" in found["detail"]


async def test_deleting_gives_the_access_back(here: Site) -> None:
    made, account = await here.connected()

    gone = ok(await here.api.http.delete(f"/api/v1/integrations/{made}"))
    assert (gone["deleted"], gone["revoked"]) == (made, True)
    assert here.fake.accounts.get(account).status == "ACTIVE"
    await here.api.jobs.give_back()

    assert here.fake.accounts.get(account).status == "REVOKED"
    assert await here.revocations() == {}


async def test_deleting_does_not_wait_for_composio_and_an_outage_only_delays_it(
    here: Site, logged: list[MutableMapping[str, Any]]
) -> None:
    made, account = await here.connected()
    async with outage(here.fake):
        ok(await here.api.http.delete(f"/api/v1/integrations/{made}"))
        await here.api.jobs.give_back()
    [waiting] = (await here.revocations()).values()
    assert (waiting.attempts, waiting.due_at) == (1, here.clock() + timedelta(seconds=30))
    assert "Composio" in waiting.why

    await here.api.jobs.give_back()
    assert here.fake.accounts.get(account).status == "ACTIVE"
    here.clock.advance(seconds=31)
    await here.api.jobs.give_back()

    assert here.fake.accounts.get(account).status == "REVOKED"


async def test_what_can_not_be_given_back_for_a_week_is_given_up_and_said(
    on_sqlite: Site, logged: list[MutableMapping[str, Any]]
) -> None:
    made, account = await on_sqlite.connected()
    ok(await on_sqlite.api.http.delete(f"/api/v1/integrations/{made}"))
    on_sqlite.fake.faults.add(faults.status(401))
    tries = 0
    while (row := (await on_sqlite.revocations())[account]).due_at is not None:
        on_sqlite.clock.now = row.due_at
        await on_sqlite.api.jobs.give_back()
        tries += 1

    assert (on_sqlite.clock() - row.requested_at).days == 7
    assert 150 < tries < 200
    assert "COMPOSIO_API_KEY" in row.why
    assert any(entry["event"].startswith("access could not be given back") for entry in logged)


async def test_an_account_that_another_integration_uses_is_kept(here: Site) -> None:
    made, account = await here.connected()
    await here.add("same again", account)

    assert ok(await here.api.http.delete(f"/api/v1/integrations/{made}"))["revoked"] is False

    await here.api.jobs.give_back()
    assert here.fake.accounts.get(account).status == "ACTIVE"


async def test_an_account_that_another_integration_used_is_given_back_when_that_goes_too(here: Site) -> None:
    made, account = await here.connected()
    other = await here.add("same again", account)
    ok(await here.api.http.delete(f"/api/v1/integrations/{made}"))
    await here.api.jobs.give_back()

    here.clock.advance(days=30)  # put off is not given up
    await here.api.jobs.give_back()
    ok(await here.api.http.delete(f"/api/v1/integrations/{other}"))
    here.clock.advance(hours=1)
    await here.api.jobs.give_back()

    assert here.fake.accounts.get(account).status == "REVOKED"


async def test_a_link_that_is_followed_after_it_was_called_over_gives_nothing_that_stays(here: Site) -> None:
    made = await here.add()
    link = await here.connect(made)
    here.fake.set_status(link["account_id"], "EXPIRED")
    await here.look()
    assert (await here.connection(made))["state"] == "expired"

    here.fake.set_status(link["account_id"], "ACTIVE")
    here.clock.advance(minutes=12)
    await here.api.jobs.give_back()

    assert here.fake.accounts.get(link["account_id"]).status == "REVOKED"


async def test_an_account_that_is_used_again_meanwhile_is_kept(on_sqlite: Site) -> None:
    made, account = await on_sqlite.connected()
    ok(await on_sqlite.api.http.delete(f"/api/v1/integrations/{made}"))
    await on_sqlite.add("again", account)

    await on_sqlite.api.jobs.give_back()

    assert on_sqlite.fake.accounts.get(account).status == "ACTIVE"
    assert list(await on_sqlite.revocations()) == [account]


async def test_an_account_that_was_not_linked_here_is_none_of_our_business(on_sqlite: Site) -> None:
    made = await on_sqlite.add("wiki", "ca_notion")

    assert ok(await on_sqlite.api.http.delete(f"/api/v1/integrations/{made}"))["revoked"] is False

    assert await on_sqlite.revocations() == {}


async def test_deleting_while_a_link_waits_makes_the_link_worthless(on_sqlite: Site) -> None:
    made = await on_sqlite.add()
    link = await on_sqlite.connect(made)
    assert ok(await on_sqlite.api.http.delete(f"/api/v1/integrations/{made}"))["revoked"] is False

    await on_sqlite.follow(link)
    await on_sqlite.look()
    on_sqlite.clock.advance(minutes=12)
    await on_sqlite.api.jobs.give_back()

    assert on_sqlite.fake.accounts.get(link["account_id"]).status == "REVOKED"


async def test_an_account_given_by_hand_after_a_linked_one_gives_that_back(here: Site) -> None:
    made, account = await here.connected()
    other = {"gateway": {"connected_account_id": "ca_notion"}}
    ok(await here.api.http.patch(f"/api/v1/integrations/{made}", json=other))

    assert (await here.connection(made))["state"] == "none"
    await here.api.jobs.give_back()

    assert here.fake.accounts.get(account).status == "REVOKED"
    assert ok(await here.api.http.delete(f"/api/v1/integrations/{made}"))["revoked"] is False


async def test_an_edit_that_names_no_other_account_gives_nothing_back(on_sqlite: Site) -> None:
    made, _ = await on_sqlite.connected()
    body = {"gateway": {"user_id": "somebody"}}

    ok(await on_sqlite.api.http.patch(f"/api/v1/integrations/{made}", json=body))

    assert ((await on_sqlite.connection(made))["state"], await on_sqlite.revocations()) == ("active", {})


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_it_gets_there_whatever_goes_wrong_on_the_way(here: Site, seed: int) -> None:
    here.row()
    made = await here.add()
    here.fake.faults.mix(0.4, seed, slow_s=0.05, retry_after=0)
    address = f"/api/v1/integrations/{made}/connect"

    while (answer := await here.api.http.post(address)).status_code != 201:
        assert answer.status_code in (502, 503, 504), answer.text
    await here.follow(answer.json())
    while (now := await here.connection(made))["state"] == "pending":
        await here.look()
        here.clock.advance(seconds=3)
    assert (now["state"], now["account_id"]) == ("active", answer.json()["account_id"])
    while (place := await here.place(made))["state"] != "ok":
        assert place["state"] != "needs_reconnect", place["last_error"]
        await here.work()
        here.clock.advance(minutes=5)

    assert await here.api.titles() == ["Renew the certificate"]
    here.fake.faults.clear()
    assert ok(await here.api.http.delete(f"/api/v1/integrations/{made}"))["revoked"] is True
    await here.api.jobs.give_back()
    assert [each.id for each in here.fake.accounts.by_id.values() if each.status == "ACTIVE"] == ["ca_notion"]
