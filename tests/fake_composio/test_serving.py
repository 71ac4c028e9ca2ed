"""Serving: outages that really refuse, control over HTTP, threads, and an end within a second."""

import asyncio
import time

import httpx
import pytest

from scripts.fake_composio import faults
from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import outage, running, serving
from tests.fake_composio.conftest import Execute
from tests.fake_composio.notes import Notes


async def test_an_outage_refuses_and_ends_on_the_same_port(fake: FakeComposio, execute: Execute) -> None:
    await execute()

    async with outage(fake):
        with pytest.raises((httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError)):
            await execute()
        with pytest.raises(httpx.ConnectError):
            await execute()

    assert (await execute()).status_code == 200


async def test_a_fault_can_be_a_short_outage(fake: FakeComposio, execute: Execute) -> None:
    fake.faults.add(faults.refuse(0.2), times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        await execute()
    await asyncio.sleep(0.05)
    with pytest.raises(httpx.ConnectError):
        await execute()
    await asyncio.sleep(0.3)

    assert (await execute()).status_code == 200


def test_it_runs_in_a_thread_and_goes_away_there_too() -> None:
    fake = FakeComposio()
    fake.connect("ca_notes", Notes())

    with running(fake) as url, httpx.Client(base_url=url, headers={"x-api-key": "test-key"}, trust_env=False) as client:
        assert client.get("/api/v3.1/tools").status_code == 200
        with outage(fake), pytest.raises(httpx.TransportError):
            client.get("/api/v3.1/tools")
        assert client.get("/api/v3.1/tools").status_code == 200


async def test_serving_ends_at_once_though_clients_wait(fake: FakeComposio) -> None:
    fake.faults.add(faults.slow_headers(30))
    async with httpx.AsyncClient(trust_env=False) as client:
        async with serving(fake) as url:
            waiting = asyncio.create_task(client.get(f"{url}/api/v3.1/tools"))
            await asyncio.sleep(0.05)
            begun = time.perf_counter()

        assert time.perf_counter() - begun < 1
        with pytest.raises(httpx.TransportError):
            await waiting


async def test_a_port_that_is_taken_is_an_error(url: str) -> None:
    port = int(url.rsplit(":", 1)[1])

    with pytest.raises(OSError, match="in use"), running(FakeComposio(), port):
        pass


async def test_requests_run_side_by_side(fake: FakeComposio, execute: Execute) -> None:
    fake.latency_s = 0.05

    begun = time.perf_counter()
    await asyncio.gather(*(execute() for _ in range(10)))

    assert time.perf_counter() - begun < 0.3
    assert fake.calls.most_in_flight == 10


async def test_everything_is_controlled_over_http(
    fake: FakeComposio, client: httpx.AsyncClient, execute: Execute
) -> None:
    fault = {"kind": "status", "status": 429, "retry_after": 3, "on": "NOTES_LIST", "times": 1}
    await client.post("/_control/faults", json=fault)
    limited = await execute()
    changed = await client.post("/_control/world", json={"toolkit": "notes", "do": "remove", "id": "1"})
    calls = (await client.get("/_control/calls", params={"slug": "NOTES_LIST"})).json()
    await client.post("/_control/account", json={"id": "ca_notes", "status": "EXPIRED"})
    expired = await execute()
    await client.post("/_control/reset")

    assert limited.headers["retry-after"] == "3"
    assert changed.json() == {"done": 4}
    assert [(call["status"], call["faults"]) for call in calls["calls"]] == [(429, ["status"])]
    assert expired.status_code == 410
    assert len(fake.calls) == 0
    assert fake.faults.rules == []


async def test_an_outage_can_be_asked_for_over_http(client: httpx.AsyncClient, execute: Execute) -> None:
    asked = await client.post("/_control/outage", json={"seconds": 0.2})
    await asyncio.sleep(0.05)

    assert asked.status_code == 200
    with pytest.raises(httpx.TransportError):
        await execute()
    await asyncio.sleep(0.3)
    assert (await execute()).status_code == 200


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("faults", {"kind": "locusts"}),
        ("faults", {"kind": "status", "sometimes": 1}),
        ("world", {"toolkit": "gmail"}),
        ("world", {"toolkit": "notes", "do": "dance"}),
        ("outage", {}),
        ("account", {"id": "ca_notes", "status": "BORED"}),
    ],
)
async def test_what_control_does_not_understand_is_told(
    client: httpx.AsyncClient, command: str, body: dict[str, object]
) -> None:
    response = await client.post(f"/_control/{command}", json=body)

    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("Not understood")
