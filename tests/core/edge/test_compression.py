"""JSON travels compressed where that pays, and nothing else does."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from tests.core.edge.serving import application, client

LONG = {"tasks": [{"title": f"Task {number}"} for number in range(200)]}
VERY_LONG = {"tasks": [{"title": f"Task {number}"} for number in range(5_000)]}
ALL = "gzip, deflate, br, zstd"


def answering(path: str, response: Response, methods: tuple[str, ...] = ("GET",)) -> FastAPI:
    app = application()

    async def answer(_request: Request) -> Response:
        return response

    app.add_route(path, answer, methods=list(methods))
    return app


async def asked(app: FastAPI, path: str, accepted: str = ALL, method: str = "GET") -> tuple[httpx.Response, bytes]:
    """The answer, and its bytes as they came."""
    async with client(app) as http, http.stream(method, path, headers={"Accept-Encoding": accepted}) as found:
        return found, b"".join([part async for part in found.aiter_raw()])


@pytest.mark.parametrize("content", [LONG, VERY_LONG])
async def test_a_long_answer_is_compressed(content: Mapping[str, Any]) -> None:
    app = answering("/long", JSONResponse(content))

    found, body = await asked(app, "/long")

    assert found.headers["content-encoding"] == "gzip"
    assert found.headers["content-length"] == str(len(body))
    assert len(body) * 4 < len(json.dumps(content))
    assert json.loads(gzip.decompress(body)) == content
    assert "accept-encoding" in found.headers["vary"].lower()
    assert "authorization" in found.headers["vary"].lower()


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", ""])
async def test_who_does_not_take_it_gets_it_whole_and_caches_are_told(accepted: str) -> None:
    found, body = await asked(answering("/long", JSONResponse(LONG)), "/long", accepted)

    assert "content-encoding" not in found.headers
    assert json.loads(body) == LONG
    assert "accept-encoding" in found.headers["vary"].lower()


async def test_a_short_answer_is_left_as_it_is() -> None:
    found, body = await asked(answering("/short", JSONResponse({"title": "x" * 900})), "/short")

    assert "content-encoding" not in found.headers
    assert len(body) == 912


@pytest.mark.parametrize("path", ["/api/v1/auth/me", "/api/v1/auth/sessions"])
async def test_where_secrets_are_told_no_length_tells_of_them(path: str) -> None:
    found, _ = await asked(answering(path, JSONResponse(LONG)), path)

    assert "content-encoding" not in found.headers


async def test_what_a_change_is_answered_with_is_left_as_it_is() -> None:
    app = answering("/changed", JSONResponse(LONG), ("POST",))

    found, _ = await asked(app, "/changed", method="POST")

    assert found.status_code == 200
    assert "content-encoding" not in found.headers


async def test_other_types_and_what_is_compressed_already_are_left_as_they_are() -> None:
    text, _ = await asked(answering("/text", PlainTextResponse("x" * 5_000)), "/text")
    packed = Response(gzip.compress(b"{}"), media_type="application/json", headers={"Content-Encoding": "gzip"})
    already, body = await asked(answering("/packed", packed), "/packed")

    assert "content-encoding" not in text.headers
    assert gzip.decompress(body) == b"{}"
    assert already.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(("tag", "sent"), [('"5.1"', 'W/"5.1"'), ('W/"abc"', 'W/"abc"')])
async def test_the_tag_of_other_bytes_is_a_weak_one(tag: str, sent: str) -> None:
    app = answering("/long", JSONResponse(LONG, headers={"ETag": tag}))

    assert (await asked(app, "/long"))[0].headers["etag"] == sent
    assert (await asked(app, "/long", "identity"))[0].headers["etag"] == tag


async def test_head_tells_the_length_that_get_would_have() -> None:
    app = answering("/long", JSONResponse(LONG))

    head, body = await asked(app, "/long", method="HEAD")

    assert body == b""
    assert head.headers["content-length"] == (await asked(app, "/long"))[0].headers["content-length"]


@pytest.mark.parametrize("media_type", ["text/event-stream", "application/json"])
async def test_what_comes_in_parts_comes_as_it_is_made(media_type: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * 2_000
        yield b"y" * 2_000

    found, body = await asked(answering("/parts", StreamingResponse(parts(), media_type=media_type)), "/parts")

    assert "content-encoding" not in found.headers
    assert body == b"x" * 2_000 + b"y" * 2_000


async def test_the_head_of_a_stream_does_not_wait_for_its_first_event() -> None:
    told, begun = asyncio.Event(), asyncio.Event()

    async def events() -> AsyncIterator[bytes]:
        await told.wait()
        yield b"data: {}\n\n"

    app = answering("/events", StreamingResponse(events(), media_type="text/event-stream"))
    scope = {"type": "http", "method": "GET", "path": "/events", "raw_path": b"/events", "query_string": b""}
    scope |= {"headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")], "scheme": "http", "root_path": ""}
    scope |= {"client": ("127.0.0.1", 1), "server": ("localhost", 80), "http_version": "1.1"}

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            begun.set()

    asking = asyncio.create_task(app(scope, receive, send))
    await asyncio.wait_for(begun.wait(), 5)

    assert not told.is_set()
    told.set()
    await asking
