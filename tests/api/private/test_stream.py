"""The stream of events tells nobody of what they may not see, and notices what somebody may see no longer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from app.core import event_stream, events
from app.domains.identity.models import ApiKey
from tests.api.client import ok
from tests.api.private.world import MAILBOX, World, canaries

_LONG_AGO = {"Last-Event-ID": "0"}


@asynccontextmanager
async def heard(world: World, who: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines that somebody is sent by a real server: a stream has no end that a transport in memory waits for."""
    server = uvicorn.Server(uvicorn.Config(world.api.app, port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    headers = {"Authorization": f"Bearer {world.keys[who]}", **_LONG_AGO}
    try:
        async with (
            httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as http,
            http.stream("GET", "/api/v1/events", headers=headers) as answer,
        ):
            assert answer.status_code == 200
            yield answer.aiter_lines()
    finally:
        world.api.app.state.streams.close()
        server.should_exit = True
        await serving


async def until(lines: AsyncIterator[str], word: str) -> list[dict[str, Any]]:
    """The events that are told until one holds the word."""
    told: list[dict[str, Any]] = []
    async for line in lines:
        if line.startswith("data:"):
            told.append(json.loads(line.removeprefix("data:")))
            if word in line:
                return told
    return told


@pytest.mark.parametrize("who", ["ada", "a key of nobody"])
async def test_a_stream_tells_nothing_private(private: World, who: str) -> None:
    await end(private)

    async with heard(private, who) as lines, asyncio.timeout(60):
        told = await until(lines, "the end")

    hidden = set(private.hidden["integration_id"])
    assert {each.get("name") for each in told} >= {"overall", "the end"}
    assert [words for each in told for words in canaries(str(each))] == []
    assert not {each.get("integration") for each in told} & hidden
    assert not {each.get("task") for each in told} & set(private.hidden["task_id"])


async def test_its_owner_hears_all_of_it(private: World) -> None:
    await end(private)

    async with heard(private, "olga") as lines, asyncio.timeout(60):
        told = await until(lines, "the end")

    assert MAILBOX in {each.get("name") for each in told}
    assert any("task" in each for each in told)


@pytest.mark.parametrize(("who", "hears"), [("olga", True), ("ada", False), ("a key of nobody", False)])
async def test_that_something_private_was_deleted_hears_who_saw_it(private: World, who: str, hears: bool) -> None:
    [gone] = private.hidden["integration_id"][:1]
    async with private.as_("olga") as olga:
        ok(await olga.http.delete(f"/api/v1/integrations/{gone}"))
    await end(private)

    async with heard(private, who) as lines, asyncio.timeout(60):
        told = await until(lines, "the end")

    assert (gone in {each.get("integration") for each in told}) is hears
    assert [each for each in told if "among" in each] == []


async def test_who_may_not_listen_any_more_is_sent_nothing_more(private: World) -> None:
    async with heard(private, "ada") as lines, asyncio.timeout(60):
        async with private.database.writing() as session:
            key = await session.get(ApiKey, (await own_key(private, "ada"))["id"])
            assert key is not None
            key.revoked_at = private.clock()
        private.api.app.state.recogniser.forget()

        assert [line async for line in lines][-1] == ""


async def test_what_is_made_private_meanwhile_is_heard_no_longer(
    private: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "LOOK_AGAIN_S", 0.0)
    async with heard(private, "nora") as lines, asyncio.timeout(60):
        told = await until(lines, MAILBOX)
        async with private.as_("olga") as olga:
            place = private.hidden["integration_id"][0]
            ok(await olga.http.patch(f"/api/v1/integrations/{place}", json={"viewers": []}))
            await asyncio.sleep(2)
            ok(await olga.http.patch(f"/api/v1/integrations/{place}", json={"name": "Canarynew"}))
        await end(private)
        told += await until(lines, "the end")

    assert "Canarynew" not in str(told)
    assert MAILBOX in str(told)


async def test_a_right_that_another_process_took_away_is_missed_before_long(
    private: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "LOOK_AGAIN_S", 1.5)  # longer than what was recognised is kept
    async with heard(private, "ada") as lines, asyncio.timeout(60):
        async with private.database.writing() as session:
            key = await session.get(ApiKey, (await own_key(private, "ada"))["id"])
            assert key is not None
            key.revoked_at = private.clock()

        assert [line async for line in lines][-1] == ""


async def own_key(world: World, who: str) -> dict[str, Any]:
    async with world.as_(who) as api:
        prefix = world.keys[who][:15]
        return next(each for each in (await api.get("/api-keys", limit=50))["items"] if each["prefix"] == prefix)


async def end(world: World) -> None:
    """Something that everybody hears of."""
    async with world.database.writing() as session:
        data = {"integration": world.seen["integration_id"][0], "name": "the end"}
        await events.append(session, "sync.progress", data, now=world.clock())
