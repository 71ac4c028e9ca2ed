"""Answers in JSON travel compressed where that pays. Pure ASGI.

A page of 200 tasks is an eighth of its size then. Left out is what may hold a secret beside something that a foreign
page could vary, by whose length the secret could be guessed (BREACH, https://www.breachattack.com): all of /auth, where
the token against forged requests is told, and everything but GET, as keys are shown to those who made them.
"""

import zlib

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_JSON = ("application/json", "application/problem+json")
_LEFT_OUT = "/api/v1/auth/"
_AT_LEAST = 1_000
"""In bytes. A smaller one fits one packet either way."""
_AT_ONCE = 32_000
"""What is longer is compressed beside the event loop."""
_LEVEL = 3
"""175 kB of tasks become 23 kB in one millisecond; level 6 needs three for 19 kB."""


def accepts(headers: Headers, coding: str) -> bool:
    """Whether a client takes that content coding, by RFC 9110, 12.5.3."""
    for part in ",".join(headers.getlist("accept-encoding")).split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() == coding:
            return weight.replace(" ", "").lower().removeprefix("q=").strip("0.") != "" or not weight.strip()
    return False


class Compressed:
    """Compresses with gzip what is JSON, complete, and long enough."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(_LEFT_OUT):
            await self.app(scope, receive, send)
            return
        wanted = accepts(Headers(scope=scope), "gzip")
        held: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_json(message):
                held = message  # until its body is there. The head of a stream of events waits for nothing
                return
            if held:
                start, held = held, None
                if wanted and not message.get("more_body") and len(message.get("body", b"")) >= _AT_LEAST:
                    message = await _compressed(start, message)
                await send(start)
            await send(message)

        await self.app(scope, receive, send_compressed)


def _is_json(start: Message) -> bool:
    """Also says in the head that the answer would be another for another client."""
    start["headers"] = list(start["headers"])  # a response may be sent more than once
    headers = MutableHeaders(raw=start["headers"])
    if headers.get("content-type") not in _JSON or "content-encoding" in headers:
        return False
    headers.add_vary_header("Accept-Encoding")
    return True


async def _compressed(start: Message, message: Message) -> Message:
    body = message["body"]
    small = _gzip(body) if len(body) < _AT_ONCE else await anyio.to_thread.run_sync(_gzip, body)
    headers = MutableHeaders(raw=start["headers"])
    headers["content-encoding"] = "gzip"
    headers["content-length"] = str(len(small))
    # Another sequence of bytes: a strong tag would claim that it is the same.
    if (tag := headers.get("etag")) and not tag.startswith("W/"):
        headers["etag"] = f"W/{tag}"
    return {**message, "body": small}


def _gzip(body: bytes) -> bytes:
    packing = zlib.compressobj(_LEVEL, wbits=31)
    return packing.compress(body) + packing.flush()
