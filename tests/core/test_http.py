"""Calling out: connections are kept, nothing is followed or repeated, and every failure says whether it was sent."""

import asyncio
import gzip
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.errors import Rejected, TimedOut, Unreachable, Upstream
from app.core.http import Outbound
from scripts.fake_composio.wire import Reply, Request, Wire

SECRET = "ak_hunter2_secret"
Handler = Callable[[Request], Awaitable[Reply]]


class Counting(Wire):
    """Counts how many connections were opened."""

    opened = 0

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        await super()._connected(reader, writer)


@asynccontextmanager
async def answering(reply: Reply | Handler) -> AsyncIterator[Counting]:
    async def always(_request: Request) -> Reply:
        assert isinstance(reply, Reply)
        return reply

    wire = Counting(always if isinstance(reply, Reply) else reply)
    await wire.start()
    try:
        yield wire
    finally:
        await wire.stop()


@asynccontextmanager
async def outbound(url: str, **settings: Any) -> AsyncIterator[Outbound]:
    made = Outbound(url, headers={"x-api-key": SECRET}, service="Composio", **settings)
    try:
        yield made
    finally:
        await made.close()


async def failed(reply: Reply | Handler, *, timeout_s: float = 2.0, **settings: object) -> Upstream:
    async with answering(reply) as wire, outbound(wire.url, **settings) as out:
        with pytest.raises(Upstream) as caught:
            (await out.request("GET", "/x", timeout_s=timeout_s)).json()
        return caught.value


async def test_a_request_carries_headers_parameters_and_json() -> None:
    seen: list[Request] = []

    async def note(request: Request) -> Reply:
        seen.append(request)
        return Reply(200, b'{"ok": true}', {"X-Mark": "a"})

    async with answering(note) as wire, outbound(wire.url) as out:
        answer = await out.request("POST", "/a/b", json={"name": "Zoë 🎈"}, params={"limit": "5"}, timeout_s=2)

    assert (answer.status, answer.json(), answer.headers["x-mark"]) == (200, {"ok": True}, "a")
    assert (seen[0].method, seen[0].path, seen[0].query["limit"]) == ("POST", "/a/b", "5")
    assert json.loads(seen[0].body) == {"name": "Zoë 🎈"}
    assert seen[0].headers["x-api-key"] == SECRET
    assert seen[0].headers["content-type"] == "application/json"


async def test_a_form_and_headers_of_one_request() -> None:
    seen: list[Request] = []

    async def note(request: Request) -> Reply:
        seen.append(request)
        return Reply(200, b"{}")

    async with answering(note) as wire, outbound(wire.url) as out:
        await out.request("POST", "/token", form={"code": "a b&c=ü"}, headers={"x-one": "1"}, timeout_s=2)
        await out.request("GET", "/next", timeout_s=2)

    assert seen[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen[0].body == b"code=a+b%26c%3D%C3%BC"
    assert (seen[0].headers["x-one"], seen[0].headers["x-api-key"]) == ("1", SECRET)
    assert "x-one" not in seen[1].headers


async def test_connections_are_used_again() -> None:
    async with answering(Reply(200, b"{}")) as wire, outbound(wire.url, pool=4) as out:
        for _ in range(10):
            await asyncio.gather(*(out.request("GET", "/", timeout_s=5) for _ in range(10)))

        assert wire.opened <= 4  # of 100 requests


async def test_who_waits_for_a_connection_in_vain_has_sent_nothing() -> None:
    async with answering(Reply(200, b"{}", head_after=0.5)) as wire, outbound(wire.url, pool=1) as out:
        first = asyncio.create_task(out.request("GET", "/", timeout_s=2))
        await asyncio.sleep(0.1)
        with pytest.raises(TimedOut) as caught:
            await out.request("POST", "/", timeout_s=0.1)
        await first

    assert caught.value.happened is False


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    seen: list[str] = []

    async def elsewhere(request: Request) -> Reply:
        seen.append(request.path)
        return Reply(302, headers={"location": "http://127.0.0.1:1/stolen"})

    async with answering(elsewhere) as wire, outbound(wire.url) as out:
        answer = await out.request("GET", "/x", timeout_s=2)

    assert answer.status == 302
    assert seen == ["/x"]


@pytest.mark.parametrize(
    ("reply", "happened"),
    [
        (Reply(200, cut="at once"), None),
        (Reply(200, b"{}" * 1000, cut="in the body"), None),
        (Reply(200, b"<html>Please wait</html>"), None),
        (Reply(200, b'{"data": ['), None),
        (Reply(200, b""), None),
        (Reply(200, b"\xff\xfe"), None),
        (Reply(200, b"[" * 100_000), None),
        (Reply(200, b"no gzip", {"content-encoding": "gzip"}), None),
    ],
    ids=["dropped", "dropped within", "a page", "cut", "empty", "no text", "too deep", "not packed"],
)
async def test_what_may_pass_is_unreachable(reply: Reply, happened: bool | None) -> None:
    error = await failed(reply)

    assert type(error) is Unreachable
    assert error.happened is happened
    assert error.detail.endswith(".")
    assert "Composio" in error.detail


@pytest.mark.parametrize("reply", [Reply(200, b"{}", head_after=5), Reply(200, b"{}" * 99, body_over=5)])
async def test_the_time_is_for_all_of_the_answer(reply: Reply) -> None:
    begun = time.monotonic()

    error = await failed(reply, timeout_s=0.2)

    assert type(error) is TimedOut
    assert error.happened is None
    assert time.monotonic() - begun < 1


async def test_where_nobody_listens_nothing_happened() -> None:
    async with answering(Reply(200)) as wire:
        url = wire.url
    async with outbound(url) as out:
        with pytest.raises(Unreachable) as caught:
            await out.request("POST", "/", json={}, timeout_s=2)

    assert caught.value.happened is False
    assert "can't be reached" in caught.value.detail


@pytest.mark.parametrize(
    ("url", "silent"),
    [("http://nobody.invalid", True), ("http://127.0.0.1:9", False)],
    ids=["no such name", "the connection is refused"],
)
async def test_a_refusal_is_heard_and_a_name_that_nobody_knows_is_not(url: str, silent: bool) -> None:
    async with outbound(url) as out:
        with pytest.raises(Unreachable) as caught:
            await out.request("GET", "/x", timeout_s=2)

    assert (caught.value.silent, caught.value.happened) == (silent, False)


async def test_an_answer_beyond_all_measure_is_not_read_to_its_end() -> None:
    packed = gzip.compress(b"0" * 3_000_000)

    error = await failed(Reply(200, packed, {"content-encoding": "gzip"}), largest=1_000_000)

    assert type(error) is Rejected
    assert error.detail == "Composio's answer is larger than 1 MB."


@pytest.mark.parametrize(
    ("value", "expected"),
    [("37", 37), ("Mon, 02 Mar 2026 09:00:30 GMT", 30), ("Mon, 02 Mar 2026 08:00:00 GMT", 0), ("soon", None)],
)
async def test_retry_after_in_seconds_or_as_a_date(value: str, expected: float | None) -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    async with (
        answering(Reply(429, headers={"retry-after": value})) as wire,
        outbound(wire.url, clock=lambda: now) as out,
    ):
        answer = await out.request("GET", "/", timeout_s=2)

    assert answer.retry_after_s == expected


async def test_a_cancelled_call_gives_its_connection_up() -> None:
    async with answering(Reply(200, b"{}", head_after=0.3)) as wire, outbound(wire.url, pool=1) as out:
        task = asyncio.create_task(out.request("GET", "/", timeout_s=5))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert (await out.request("GET", "/", timeout_s=5)).status == 200


async def test_the_key_is_in_no_text_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with answering(Reply(200, b"<html>")) as wire, outbound(wire.url) as out:
        answer = await out.request("GET", "/", timeout_s=2)
        with pytest.raises(Unreachable) as caught:
            answer.json()

    for text in (repr(out), repr(answer), repr(caught.value), str(caught.value.__cause__), caplog.text):
        assert SECRET not in text


@pytest.mark.parametrize("key", ["line\nbreak", "bell\x07", "ключ"])
def test_a_key_that_can_not_be_sent_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ValueError, match="x-api-key has characters that can't be sent") as caught:
        Outbound("https://a.example", headers={"x-api-key": key}, service="Composio")

    assert key not in str(caught.value)


@pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://", "https://user:hunter2@a.example"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="begins with https://") as caught:
        Outbound(url, service="Composio")

    assert "hunter2" not in str(caught.value)


async def test_a_service_on_this_machine_is_asked_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)

    async with answering(Reply(200, b"{}")) as wire, outbound(wire.url) as out:
        assert (await out.request("GET", "/", timeout_s=2)).status == 200


async def test_others_are_asked_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def proxy(request: Request) -> Reply:
        asked.append(request.headers["host"])
        return Reply(200, b"{}")

    async with answering(proxy) as wire, outbound("http://composio.example") as out:
        monkeypatch.setenv("HTTP_PROXY", wire.url)
        await out.request("GET", "/", timeout_s=2)

    assert asked == ["composio.example"]
