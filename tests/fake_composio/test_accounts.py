"""Connected accounts are listed, linked, revoked and deleted as at Composio."""

import httpx

from scripts.fake_composio.server import FakeComposio
from tests.conftest import SettableClock
from tests.fake_composio.conftest import Execute
from tests.fake_composio.notes import Notes

ACCOUNTS = "/api/v3.1/connected_accounts"


async def link(client: httpx.AsyncClient, **more: str) -> dict[str, str]:
    config = (await client.get("/api/v3.1/auth_configs", params={"toolkit_slug": "notes"})).json()["items"][0]
    response = await client.post(f"{ACCOUNTS}/link", json={"auth_config_id": config["id"], "user_id": "eve", **more})
    assert response.status_code == 201
    linked: dict[str, str] = response.json()
    return linked


async def test_accounts_are_listed_by_user_toolkit_and_status(fake: FakeComposio, client: httpx.AsyncClient) -> None:
    fake.connect("ca_dead", Notes(), user_id="ada", status="EXPIRED")
    fake.connect("ca_bob", Notes(), user_id="bob")

    active = (
        await client.get(ACCOUNTS, params={"user_ids": "ada", "statuses": "ACTIVE", "toolkit_slugs": "notes"})
    ).json()
    page = (await client.get(ACCOUNTS, params={"limit": "2"})).json()

    assert [item["id"] for item in active["items"]] == ["ca_notes"]
    assert [item["id"] for item in page["items"]] == ["ca_bob", "ca_dead"]
    assert (page["next_cursor"], page["total_pages"], page["total_items"]) == ("2", 2, 3)


async def test_following_a_link_makes_an_account_active(client: httpx.AsyncClient, execute: Execute) -> None:
    linked = await link(client, callback_url="http://127.0.0.1:1/cb?x=1")
    before = await execute(body={"user_id": "eve", "connected_account_id": linked["connected_account_id"]})

    followed = await client.get(linked["redirect_url"])
    after = await execute(body={"user_id": "eve", "connected_account_id": linked["connected_account_id"]})

    assert (before.status_code, after.status_code) == (400, 200)
    assert followed.headers["location"].startswith("http://127.0.0.1:1/cb?x=1&status=success&connected_account_id=ca_")


async def test_a_link_that_nobody_follows_expires(client: httpx.AsyncClient, clock: SettableClock) -> None:
    linked = await link(client)

    clock.advance(minutes=11)
    account = (await client.get(f"{ACCOUNTS}/{linked['connected_account_id']}")).json()
    late = await client.get(linked["redirect_url"])

    assert (account["status"], account["status_reason"][:21]) == ("EXPIRED", "Connection initiation")
    assert late.status_code == 404


async def test_a_revoked_account_stays_and_a_deleted_one_is_gone(client: httpx.AsyncClient) -> None:
    await client.post(f"{ACCOUNTS}/ca_notes/revoke")
    revoked = (await client.get(f"{ACCOUNTS}/ca_notes")).json()
    await client.delete(f"{ACCOUNTS}/ca_notes")
    deleted = await client.get(f"{ACCOUNTS}/ca_notes")

    assert revoked["status"] == "REVOKED"
    assert deleted.status_code == 404
