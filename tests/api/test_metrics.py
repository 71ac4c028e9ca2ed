"""Metrics, as Prometheus and programs get them: true, complete, and valid in each format."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus_text
from pydantic import SecretStr
from sqlalchemy import update

from app.core.database import Database
from app.domains.connections.models import SyncRun
from app.domains.tasks.writes.models import TaskWrite
from app.settings import Settings
from app.workflows.metrics import counting
from scripts.fake_composio import faults
from scripts.fake_composio.notion import NotionSpace
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving as standing_in
from tests.api.client import Api, database_of, ok
from tests.api.conftest import serving, settings_on
from tests.api.test_pulling import World
from tests.conftest import QUICK, SettableClock

KEY = "test-key-that-nobody-may-read"
Sample = tuple[str, frozenset[tuple[str, str]]]


@pytest.fixture
async def world(database: Database, settings: Settings, clock: SettableClock, tmp_path: Path) -> AsyncIterator[World]:
    fake, notion = FakeComposio(KEY, now=clock), NotionSpace(now=clock)
    fake.connect("ca_notion", notion)
    notion.add_row(notion.add_database("Work"), {"Name": "Renew the certificate"})
    async with standing_in(fake) as url:
        given = {"composio_api_key": SecretStr(KEY), "composio_base_url": url, **QUICK}
        on = settings_on(settings, database).model_copy(update=given)
        async with serving(on, clock, tmp_path / "uploads") as api:
            yield World(api, fake, notion, clock)


async def scraped(api: Api, accept: str = "text/plain") -> str:
    answer = await api.http.get("/metrics", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(accept.partition(";")[0])
    return answer.text


async def numbers(api: Api) -> dict[Sample, float]:
    families = prometheus_text(await scraped(api))
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def grown(before: dict[Sample, float], after: dict[Sample, float], name: str, **labels: str) -> float:
    """How much a counter grew: others in this process may have counted before."""
    key = (name, frozenset(labels.items()))
    return after.get(key, 0.0) - before.get(key, 0.0)


def value(found: dict[Sample, float], name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


async def test_a_pull_is_counted_with_all_that_it_brought(world: World) -> None:
    before = await numbers(world.api)
    await world.add()
    await world.work()

    after = await numbers(world.api)

    run = {"kind": "notion", "what": "pull"}
    assert grown(before, after, "watchfloor_sync_runs_total", **run, outcome="succeeded") == 1
    assert grown(before, after, "watchfloor_sync_duration_seconds_count", **run) == 1
    assert grown(before, after, "watchfloor_sync_items_total", kind="notion", result="new") == 1
    service = {"service": "composio:notion"}
    calls = grown(before, after, "watchfloor_guard_calls_total", **service, outcome="ok")
    assert calls == grown(before, after, "watchfloor_guard_attempts_total", **service) >= 2
    assert calls == grown(before, after, "watchfloor_guard_call_duration_seconds_count", **service)


async def test_failures_retries_and_what_the_breaker_does_are_counted(world: World) -> None:
    before = await numbers(world.api)
    world.fake.faults.add(faults.status(503))
    await world.add()
    await world.work()

    after = await numbers(world.api)

    service = {"service": "composio:notion"}
    run = {"kind": "notion", "what": "pull"}
    assert grown(before, after, "watchfloor_sync_runs_total", **run, outcome="failed") == 1
    assert grown(before, after, "watchfloor_guard_retries_total", **service) >= 2
    assert grown(before, after, "watchfloor_guard_breaker_transitions_total", **service, to="open") >= 1
    assert value(after, "watchfloor_integration_failures", integration="wiki", kind="notion") == 1


async def test_how_each_integration_stands_is_told_at_that_moment(world: World) -> None:
    await world.add()
    await world.work()
    world.clock.advance(minutes=30)

    found = await numbers(world.api)

    place = {"integration": "wiki", "kind": "notion"}
    assert value(found, "watchfloor_integration_state", **place, state="ok") == 1
    assert value(found, "watchfloor_integration_cursor_age_seconds", **place) == 1800
    assert value(found, "watchfloor_integration_level", **place) in (0, 1)
    assert value(found, "watchfloor_database_up") == 1
    assert value(found, "watchfloor_jobs_due", job="pull") == 1
    assert value(found, "watchfloor_database_pool_connections", state="in_use") >= 0


async def test_what_waits_is_told_with_its_age(world: World) -> None:
    made = await world.add()
    await world.api.post(f"/integrations/{made['id']}/sync")
    world.clock.advance(seconds=90)

    found = await numbers(world.api)

    assert value(found, "watchfloor_jobs_due", job="pull") == 1
    assert value(found, "watchfloor_jobs_oldest_due_age_seconds", job="pull") == 90


async def test_a_pull_that_is_due_waits_also_while_nobody_looks_for_what_is_due(world: World) -> None:
    await world.add()
    await world.work()
    world.clock.advance(hours=6, minutes=5)  # it is pulled every five minutes

    found = await numbers(world.api)

    assert value(found, "watchfloor_jobs_due", job="pull") == 1
    assert value(found, "watchfloor_jobs_oldest_due_age_seconds", job="pull") == 6 * 3600


async def test_a_pull_of_a_paused_integration_does_not_wait(world: World) -> None:
    made = await world.add()
    ok(await world.api.http.patch(f"/api/v1/integrations/{made['id']}", json={"paused": True}))
    world.clock.advance(hours=6)

    assert value(await numbers(world.api), "watchfloor_jobs_due", job="pull") == 0


async def test_a_pull_that_a_dead_process_left_behind_waits_for_another_one(world: World) -> None:
    made = await world.add()
    await world.api.post(f"/integrations/{made['id']}/sync")
    left = update(SyncRun).values(state="running", owner="dead", seen_at=world.clock())
    async with database_of(world.api).writing() as session:
        await session.execute(left)
    world.clock.advance(seconds=1)
    alive = await numbers(world.api)
    world.clock.advance(hours=1)

    dead = await numbers(world.api)

    assert value(alive, "watchfloor_jobs_due", job="pull") == 0
    assert value(dead, "watchfloor_jobs_due", job="pull") == 1
    assert value(dead, "watchfloor_jobs_oldest_due_age_seconds", job="pull") == 3601


async def test_writes_wait_once_they_may_be_sent_and_those_of_a_dead_process_again(world: World) -> None:
    world.notion.add_row(world.notion.add_database("Doors"), {"Name": "Send the invoice", "Status": "Doing"})
    place = await world.add()
    await world.work()
    ok(await world.api.http.patch(f"/api/v1/integrations/{place['id']}", json={"write_back": True}))
    [task] = (await world.api.get("/tasks", q="invoice"))["items"]
    await world.api.verb(task["id"], "complete")
    undone = await numbers(world.api)
    world.clock.advance(seconds=60)
    waits = await numbers(world.api)
    async with database_of(world.api).writing() as session:
        await session.execute(update(TaskWrite).values(state="sending", owner="dead", seen_at=world.clock()))
    sent = await numbers(world.api)
    world.clock.advance(hours=1)
    left = await numbers(world.api)

    name, age = "watchfloor_jobs_due", "watchfloor_jobs_oldest_due_age_seconds"
    assert [value(each, name, job="write") for each in (undone, waits, sent, left)] == [0, 1, 0, 1]
    assert [value(each, age, job="write") for each in (waits, left)] == [60, 3600]


async def test_requests_are_counted_by_their_route_and_never_by_their_path(world: World) -> None:
    before = await numbers(world.api)
    for path in ("/api/v1/tasks/1", "/api/v1/tasks/2", "/api/v1/nothing/here", "/", "/api/v1/integrations"):
        await world.api.http.get(path)
    await world.api.http.head("/api/v1/integrations")
    await world.api.http.request("BREW", "/api/v1/tasks")

    after = await numbers(world.api)

    def requests(**labels: str) -> float:
        return grown(before, after, "watchfloor_http_requests_total", **labels)

    assert requests(method="GET", route="/api/v1/tasks/{task_id}", status="404") == 2
    assert requests(method="GET", route="/api/v1/integrations", status="200") == 1
    assert requests(method="HEAD", route="/api/v1/integrations", status="200") == 1
    assert requests(method="GET", route="page", status="200") == 1
    assert requests(method="GET", route="unmatched", status="404") == 1
    assert requests(method="other", route="/api/v1/tasks", status="405") == 1
    assert "/nothing/here" not in await scraped(world.api)


async def test_what_is_answered_again_under_its_key_is_counted_as_that(world: World) -> None:
    made = await world.add()
    path = f"/api/v1/integrations/{made['id']}/sync"
    before = await numbers(world.api)
    for _ in range(3):
        ok(await world.api.http.post(path, headers={"Idempotency-Key": "once"}))

    after = await numbers(world.api)

    def requests(route: str) -> float:
        name = "watchfloor_http_requests_total"
        return grown(before, after, name, method="POST", route=route, status="202")

    assert [requests(each) for each in ("/api/v1/integrations/{integration_id}/sync", "replayed", "unmatched")] == [
        1,
        2,
        0,
    ]


async def test_both_formats_and_json_say_the_same(world: World) -> None:
    await world.add('wiki "of" \\ odd\nnames')
    await world.work()

    counting.written("notion", "done")  # every counter there is: OpenMetrics wants names apart from those of gauges
    wanted = "application/openmetrics-text; version=1.0.0"
    text_ = await scraped(world.api, wanted)
    families = {family.name: family for family in openmetrics(text_)}  # type: ignore[no-untyped-call]  # not annotated
    as_json = {each["name"]: each for each in (await _json(world.api))["metrics"]}
    text = await numbers(world.api)

    assert families.keys() == as_json.keys()
    for name, family in families.items():
        assert family.documentation
        assert (family.type, family.unit) == (as_json[name]["type"], as_json[name]["unit"])
    steady = [key for key in text if key[0].startswith(("watchfloor_integration_state", "watchfloor_sync"))]
    told: dict[Sample, float] = {
        (each["name"], frozenset(each["labels"].items())): each["value"]
        for metric in as_json.values()
        for each in metric["samples"]
    }
    assert steady
    assert {key: told[key] for key in steady} == {key: text[key] for key in steady}


async def _json(api: Api) -> dict[str, Any]:
    answer = await api.http.get("/metrics/json")
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 200, body
    return body


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
async def test_promtool_has_nothing_to_say(world: World) -> None:
    await world.add()
    await world.work()
    text = await scraped(world.api)

    checked = await asyncio.to_thread(
        subprocess.run, ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


async def test_no_secret_is_among_them(world: World) -> None:
    world.fake.faults.add(faults.status(401))
    await world.add()
    await world.work()

    assert KEY not in await scraped(world.api)
    assert "ca_notion" not in await scraped(world.api)


async def test_a_scrape_calls_nobody_and_writes_nothing(world: World) -> None:
    calls = len(world.fake.calls)

    await asyncio.gather(*(scraped(world.api) for _ in range(5)))

    assert len(world.fake.calls) == calls
