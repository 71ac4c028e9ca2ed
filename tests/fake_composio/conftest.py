"""A stand-in with one account on a port, and a client that has its key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from scripts.fake_composio.server import FakeComposio
from scripts.fake_composio.serving import serving
from tests.conftest import SettableClock
from tests.fake_composio.notes import Notes

Execute = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def fake(clock: SettableClock) -> FakeComposio:
    fake = FakeComposio(now=clock)
    fake.connect("ca_notes", Notes(), user_id="ada")
    return fake


@pytest.fixture
async def url(fake: FakeComposio) -> AsyncIterator[str]:
    async with serving(fake) as url:
        yield url


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=url, headers={"x-api-key": "test-key"}, timeout=0.3, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def execute(client: httpx.AsyncClient) -> Execute:
    async def execute(
        slug: str = "NOTES_LIST", *, body: dict[str, Any] | None = None, **arguments: Any
    ) -> httpx.Response:
        given = {"user_id": "ada", "connected_account_id": "ca_notes", "version": "20260817_00"} | (body or {})
        path = f"/api/v3.1/tools/execute/{slug}"
        return await client.post(
            path, json={key: value for key, value in given.items() if value} | {"arguments": arguments}
        )

    return execute
