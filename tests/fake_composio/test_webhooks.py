"""Subscriptions show their secret once; triggers belong to accounts; deliveries are signed, or wrong on purpose."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.wire import Reply, Request, Wire

API = "/api/v3.1"
NEWS, EXPIRED = "composio.trigger.message", "composio.connected_account.expired"


@pytest.fixture
async def inbox() -> AsyncIterator[tuple[str, list[Request]]]:
    """A server that takes deliveries, and what it took."""
    taken: list[Request] = []

    async def take(request: Request) -> Reply:
        taken.append(request)
        return Reply(200, b'{"taken": true}')

    wire = Wire(take)
    await wire.start()
    yield wire.url, taken
    await wire.stop()


async def subscribed(client: httpx.AsyncClient, url: str, **more: Any) -> dict[str, Any]:
    body = {"webhook_url": url, "enabled_events": [NEWS, EXPIRED], "version": "V3", **more}
    answer = await client.post(f"{API}/webhook_subscriptions", json=body)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


async def trigger(client: httpx.AsyncClient, slug: str = "NOTES_NEW", account: str = "ca_notes") -> httpx.Response:
    return await client.post(f"{API}/trigger_instances/{slug}/upsert", json={"connected_account_id": account})


async def deliver(client: httpx.AsyncClient, **order: Any) -> list[dict[str, Any]]:
    answer = await client.post("/_control/webhook", json={"account": "ca_notes", **order}, timeout=5)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["deliveries"]
    return found


async def test_a_secret_is_shown_once(client: httpx.AsyncClient) -> None:
    made = await subscribed(client, "http://127.0.0.1:1/hook")
    listed = (await client.get(f"{API}/webhook_subscriptions")).json()["items"]

    assert len(made["secret"]) == 64
    assert listed == [{name: value for name, value in made.items() if name != "secret"}]


async def test_a_delivery_is_signed_over_its_id_time_and_body(
    client: httpx.AsyncClient, inbox: tuple[str, list[Request]]
) -> None:
    made = await subscribed(client, inbox[0])
    await trigger(client)

    [sent] = await deliver(client)

    [taken] = inbox[1]
    content = f"{taken.headers['webhook-id']}.{taken.headers['webhook-timestamp']}.".encode() + taken.body
    expected = base64.b64encode(hmac.digest(made["secret"].encode(), content, hashlib.sha256)).decode()
    assert taken.headers["webhook-signature"] == f"v1,{expected}"
    assert (sent["status"], sent["answer"]) == (200, {"taken": True})
    assert b'"connected_account_id": "ca_notes"' in taken.body


async def test_wrong_ones_and_repeats_are_made_on_demand(
    client: httpx.AsyncClient, inbox: tuple[str, list[Request]]
) -> None:
    await subscribed(client, inbox[0])
    await trigger(client)

    await deliver(client, times=2)
    await deliver(client, wrong="signature")
    await deliver(client, wrong="time")

    first, second, forged, old = (taken.headers for taken in inbox[1])
    assert first == second
    assert len({each["webhook-signature"] for each in (first, forged, old)}) == 3
    assert int(first["webhook-timestamp"]) - int(old["webhook-timestamp"]) == 3600


async def test_an_expiry_comes_with_the_account_as_it_then_is(
    client: httpx.AsyncClient, inbox: tuple[str, list[Request]], fake: FakeComposio
) -> None:
    await subscribed(client, inbox[0])

    await deliver(client, event="expired", reason="refresh token revoked")

    assert fake.accounts.get("ca_notes").status == "EXPIRED"
    assert b'"status_reason": "refresh token revoked"' in inbox[1][0].body


async def test_each_gets_what_it_asked_for(client: httpx.AsyncClient, inbox: tuple[str, list[Request]]) -> None:
    await subscribed(client, inbox[0], enabled_events=[NEWS], version="V2")
    await trigger(client)

    await deliver(client)
    assert await deliver(client, event="expired") == []

    assert [b'"connection_nano_id": "ca_notes"' in taken.body for taken in inbox[1]] == [True]


async def test_the_same_trigger_again_is_the_same(client: httpx.AsyncClient) -> None:
    assert (await trigger(client)).json() == (await trigger(client, "notes_new")).json()
    assert (await trigger(client, "GMAIL_NEW")).status_code == 400
    assert (await trigger(client, account="ca_nobody")).status_code == 404


async def test_what_can_not_be_is_said(client: httpx.AsyncClient) -> None:
    unknown = {"webhook_url": "http://x", "enabled_events": ["y"]}
    for body in ({}, {"webhook_url": "ftp://x", "enabled_events": [NEWS]}, unknown):
        assert (await client.post(f"{API}/webhook_subscriptions", json=body)).status_code == 400
    await subscribed(client, "http://127.0.0.1:1/nobody")
    for order in ({}, {"account": "ca_nobody"}, {"account": "ca_notes"}, {"account": "ca_notes", "event": "birthday"}):
        assert (await client.post("/_control/webhook", json=order)).status_code in (400, 404)
    await trigger(client)

    assert [each["status"] for each in await deliver(client)] == [0]
