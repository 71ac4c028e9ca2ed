"""Demo data over HTTP: only where it is switched on, labelled wherever it is seen, and never in place of an account."""

from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.database import Database
from app.integrations import registry
from app.settings import Settings
from tests.api.client import Api, Document, ok, problem
from tests.api.conftest import serving, settings_on
from tests.api.test_sample import dump
from tests.conftest import SettableClock

PLACES = "/api/v1/integrations"
ON: dict[str, Any] = {"integrations_stub_mode": True}
OFF: dict[str, Any] = {}
PRODUCTION: dict[str, Any] = {"environment": "production"}
KEY: dict[str, Any] = {"composio_api_key": SecretStr("test-key"), "composio_base_url": "http://127.0.0.1:1"}
KINDS = ("gmail", "slack", "notion")
Started = Callable[[dict[str, Any]], AbstractAsyncContextManager[Api]]


@pytest.fixture
def started(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> Started:
    """The application, started on one database with settings of its own: also several times, one after another."""

    @asynccontextmanager
    async def start(given: dict[str, Any]) -> AsyncIterator[Api]:
        used = settings_on(settings, database).model_copy(update=given)
        async with serving(used, clock, tmp_path / "uploads") as api:
            await api.jobs.tidy()
            yield api

    return start


async def add(api: Api, kind: str, gateway: Any = "demo", **more: Any) -> Document:
    body = {"kind": kind, "name": f"my {kind}", **more} | ({"gateway": gateway} if gateway else {})
    return ok(await api.http.post(PLACES, json=body))


async def work(api: Api) -> None:
    """What the background does until nothing is left."""
    await api.jobs.pull_due()
    await api.app.state.jobs._pulling.dispatcher.settle()


async def place_of(api: Api, made: Document) -> Document:
    return await api.get(f"/integrations/{made['id']}")


async def test_demo_integrations_are_pulled_and_every_task_says_what_it_is(started: Started) -> None:
    async with started(ON) as api:
        mine = await api.create("Water the plants")
        made = [await add(api, kind, {"name": "demo"}) for kind in KINDS]
        await work(api)

        for each in made:
            place = await place_of(api, each)
            assert (place["state"], place["sample"], place["live"], place["level"]) == ("ok", True, True, "NORMAL")
            assert place["gateway"]["name"] == "demo"
            assert place["items"] >= 10
            assert place["breaker"]["state"] == "closed"
        runs = (await api.get("/sync/runs"))["items"]
        assert {(run["state"], run["refused"], run["warnings_total"]) for run in runs} == {("succeeded", 0, 0)}
        tasks = (await api.get("/tasks", limit=200))["items"]
        assert [task["id"] for task in tasks if not task["source"]["sample"]] == [mine["id"]]
        assert len(tasks) > 10
        assert any((task["due_at"] or "").startswith("2026-03-02") for task in tasks)
        assert await api.get("/sample") == {"loaded": True, "may_load": True}


async def test_pulled_again_they_bring_what_happened_since(started: Started, clock: SettableClock) -> None:
    async with started(ON) as api:
        for kind in KINDS:
            await add(api, kind)
        await work(api)
        clock.advance(minutes=30)

        await work(api)

        later = [run for run in (await api.get("/sync/runs"))["items"] if run["id"] > len(KINDS)]
        assert {run["state"] for run in later} == {"succeeded"}
        assert all(run["new"] + run["updated"] for run in later)


async def test_the_short_form_means_the_same(started: Started) -> None:
    async with started(ON) as api:
        long, short = await add(api, "gmail", {"name": "demo"}), await add(api, "slack", "demo")

    assert long["gateway"] == short["gateway"]


@pytest.mark.parametrize(("given", "said"), [(OFF, "INTEGRATIONS_STUB_MODE"), (PRODUCTION, "this is production")])
async def test_where_it_may_not_be_asking_for_it_is_forbidden(
    started: Started, given: dict[str, Any], said: str
) -> None:
    async with started(given) as api:
        found = problem(
            await api.http.post(PLACES, json={"kind": "gmail", "name": "mail", "gateway": {"name": "demo"}}), 403
        )

        assert (found["code"], found["category"]) == ("forbidden", "authorization")
        assert said in found["detail"]
        assert (await api.get("/integrations"))["items"] == []


async def test_production_refuses_it_even_where_the_switch_slipped_through(started: Started) -> None:
    async with started(PRODUCTION | ON) as api:
        problem(await api.http.post(PLACES, json={"kind": "gmail", "name": "mail", "gateway": "demo"}), 403)
        own = {"kind": "gmail", "name": "mail", "gateway": {"connected_account_id": "ca_mine"}}
        made = await api.post("/integrations", own)
        problem(await api.http.patch(f"{PLACES}/{made['id']}", json={"gateway": "demo"}), 403)


async def test_without_a_key_it_stands_in_for_accounts_that_nobody_names(started: Started) -> None:
    async with started(ON) as api:
        assert (await add(api, "notion", gateway=None))["sample"]
        assert not (await add(api, "mbox", gateway=None))["sample"]
        named = await add(api, "slack", {"connected_account_id": "ca_mine"})
        assert (named["sample"], named["gateway"]) == (False, {"connected_account_id": "ca_mine"})
        refused = problem(await api.http.post(f"{PLACES}/{named['id']}/sync"), 409)
        assert "COMPOSIO_API_KEY" in refused["detail"]


async def test_with_a_key_it_is_used_only_where_it_is_asked_for(started: Started) -> None:
    async with started(ON | KEY) as api:
        assert not (await add(api, "notion", gateway=None))["sample"]
        assert (await add(api, "gmail"))["sample"]
        kinds = {each["kind"]: each["live"] for each in (await api.get("/integrations/kinds"))["items"]}
        assert kinds["gmail"]["gateways"] == ["composio", "demo"]


@pytest.mark.parametrize(
    ("given", "gateways"), [(ON, ["demo"]), (OFF, []), (KEY, ["composio"]), (PRODUCTION | KEY, ["composio"])]
)
async def test_kinds_and_status_say_by_what_can_be_pulled(
    started: Started, given: dict[str, Any], gateways: list[str]
) -> None:
    async with started(given) as api:
        kinds = {each["kind"]: each["live"] for each in (await api.get("/integrations/kinds"))["items"]}

        status = ok(await api.http.get("/status"))

    assert [kinds[kind]["gateways"] for kind in KINDS] == [gateways] * 3
    assert status["demo"] is ("demo" in gateways)
    assert {kinds[kind]["ready"] for kind in KINDS} == {bool(gateways)}


@pytest.mark.parametrize("given", [OFF, PRODUCTION, PRODUCTION | KEY])
async def test_what_was_made_with_it_is_not_pulled_where_it_may_not_be_and_says_so(
    started: Started, clock: SettableClock, given: dict[str, Any]
) -> None:
    async with started(ON) as api:
        made = await add(api, "gmail")
        await work(api)
        waiting = await add(api, "slack")
        await api.post(f"/integrations/{waiting['id']}/sync")
        tasks = await api.titles()
    clock.advance(minutes=30)

    async with started(given) as api:
        await work(api)

        for each, level in ((made, "DEGRADED"), (waiting, "OFFLINE")):
            place = await place_of(api, each)
            assert (place["state"], place["level"], place["next_sync_at"]) == ("failing", level, None)
            assert place["last_error"]["category"] == "authorization"
            assert "Delete the integration" in place["last_error"]["detail"]
            problem(await api.http.post(f"{PLACES}/{each['id']}/sync"), 403)
        assert {run["state"] for run in (await api.get("/sync/runs"))["items"]} == {"succeeded", "cancelled"}
        assert await api.titles() == tasks

    async with started(ON) as api:
        await work(api)
        assert [(await place_of(api, each))["state"] for each in (made, waiting)] == ["ok", "ok"]


async def test_resumed_where_it_may_not_be_it_fails_with_the_same_sentence(started: Started) -> None:
    async with started(ON) as api:
        made = await add(api, "gmail")
    async with started(KEY) as api:
        before = await place_of(api, made)
        ok(await api.http.patch(f"{PLACES}/{made['id']}", json={"paused": True}))
        ok(await api.http.patch(f"{PLACES}/{made['id']}", json={"paused": False}))
        await work(api)

        after = await place_of(api, made)

    assert after["items"] == 0
    assert after["last_error"]["detail"] == before["last_error"]["detail"]


@pytest.mark.parametrize("gateway", [{"connected_account_id": "ca_mine"}, "demo"])
async def test_invented_and_real_data_never_meet_in_one_integration(started: Started, gateway: Any) -> None:
    async with started(ON | KEY) as api:
        demo, real = await add(api, "gmail"), await add(api, "slack", {"user_id": "me"})
        files = await add(api, "notion", gateway=None)
        other = real if gateway == "demo" else demo

        found = problem(await api.http.patch(f"{PLACES}/{other['id']}", json={"gateway": gateway}), 409)
        same = ok(await api.http.patch(f"{PLACES}/{demo['id']}", json={"gateway": "demo"}))

        assert "delete it" in found["detail"]
        assert (await place_of(api, other))["gateway"] == other["gateway"]
        assert same["gateway"] == demo["gateway"]
        problem(await api.http.patch(f"{PLACES}/{files['id']}", json={"gateway": "demo"}), 409)
        problem(await api.http.post(f"{PLACES}/{demo['id']}/connect"), 409)


@pytest.mark.parametrize(
    ("sort", "gateway", "location"),
    [
        ("gmail", {"name": "demo", "connected_account_id": "ca_mine"}, "body.gateway"),
        ("gmail", {"name": "fake"}, "body.gateway.name"),
        ("gmail", "fake", "body.gateway.name"),
        ("mbox", "demo", "body.gateway"),
    ],
)
async def test_what_is_no_gateway_is_told_by_field(started: Started, sort: str, gateway: Any, location: str) -> None:
    async with started(ON) as api:
        found = problem(await api.http.post(PLACES, json={"kind": sort, "name": "x", "gateway": gateway}), 422)

    assert [each["location"] for each in found["errors"]] == [location]


async def test_clearing_the_sample_takes_demo_integrations_along(started: Started) -> None:
    async with started(ON) as api:
        before = await dump(api)
        for kind in KINDS:
            await add(api, kind)
        await work(api)
        task = (await api.get("/tasks"))["items"][0]
        await api.verb(task["id"], "complete")
        await api.post("/sync")

        answer = await api.http.delete("/api/v1/sample")

        assert answer.status_code == 204
        assert await api.get("/sample") == {"loaded": False, "may_load": True}
        assert await dump(api) == before


async def test_the_sample_company_can_be_loaded_beside_it(started: Started) -> None:
    async with started(ON) as api:
        await add(api, "gmail")

        assert (await api.http.post("/api/v1/sample")).status_code == 202
        problem(await api.http.post("/api/v1/sample"), 409)


async def test_nothing_is_imported_into_it(started: Started) -> None:
    async with started(ON) as api:
        await add(api, "notion")

        problem(await api.upload(b"From a@b.example Mon Mar  2 08:00:00 2026\n\nHi\n", into="my notion"), 422)


async def test_the_log_warns_once_at_start(started: Started, logged: list[MutableMapping[str, Any]]) -> None:
    async with started(ON):
        pass
    async with started(OFF):
        pass

    [said] = [each for each in logged if each["event"] == "demo data is on"]
    assert (said["log_level"], said["setting"]) == ("warning", "INTEGRATIONS_STUB_MODE")


@pytest.mark.parametrize("sort", [kind for kind in KINDS if registry.KINDS[kind].writing])
async def test_what_is_written_is_seen_in_the_demo_alone_and_can_be_taken_back(
    started: Started, clock: SettableClock, sort: str
) -> None:
    async with started(ON) as api:
        made = await add(api, sort, write_back=True)
        await work(api)
        task = (await api.get("/tasks"))["items"][0]
        states = []
        for verb in ("complete", "reopen"):
            await api.verb(task["id"], verb)
            clock.advance(minutes=1)
            while await api.jobs.sender.send_due():
                await api.jobs.sender.settle()
            writes = (await api.get(f"/tasks/{task['id']}/writes"))["items"]
            states.append(sorted({each["state"] for each in writes}))
            clock.advance(minutes=10)
            await work(api)

        assert states == [["done"], ["done"]]
        assert (await api.task(task["id"]))["status"] == "open"
        assert (await place_of(api, made))["state"] == "ok"
