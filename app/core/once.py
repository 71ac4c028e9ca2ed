"""The once-only of repeated POSTs: a request under the same Idempotency-Key happens once. Pure ASGI."""

import hashlib
import hmac

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import acting, idempotency
from app.core.asgi import header
from app.core.bodies import is_upload
from app.core.database import Database
from app.core.errors import Malformed, Problem
from app.core.gate import EARLIER
from app.core.problems import render
from app.core.secrets import Vault

_START_BYTES = 65_536


class IdempotentPosts:
    """Answers a repeated POST with its first answer; see app.core.idempotency. It is the gate that hands it out
    (app.core.gate): whoever may not ask for it any more is refused, as for a new request.

    An upload is recognised by its length and what it begins with: it may be gigabytes long, and is streamed. Nothing is
    read, and nothing is kept, for somebody who is not known: all of them would share their keys.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        key = header(scope, "idempotency-key")
        if key is None or not acting.caller().known:
            await self.app(scope, receive, send)
        elif not 1 <= len(key) <= 255:
            await render(Malformed("An Idempotency-Key has 1 to 255 characters."))(scope, receive, send)
        elif is_upload(scope):
            await self._upload(key, scope, receive, send)
        else:
            body = await _read_body(receive)
            await self._once(key, body, scope, _replay(body, receive), send)

    async def _upload(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        length = header(scope, "content-length")
        if not length:
            problem = Malformed("An upload under an Idempotency-Key needs a Content-Length.")
            await render(problem)(scope, receive, send)
        else:
            start, more = await _read_start(receive, _START_BYTES)
            known_by = _known_by(scope, length, start)
            await self._once(key, known_by, scope, _replay(start, receive, more=more), send)

    async def _once(self, key: str, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        database: Database = scope["app"].state.database
        target = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        # A key is its caller's own: nobody is given the answer to somebody else's request.
        own = hashlib.sha256(f"{acting.caller().signature}\n{key}".encode("utf-8", "replace")).hexdigest()
        use = idempotency.Use(
            own, _fingerprint(scope["app"].state.vault, target.encode() + b"\n" + body), scope["path"]
        )
        try:
            async with database.reading() as session:
                earlier = await idempotency.earlier_answer(session, use)
        except Problem as problem:
            await render(problem)(scope, receive, send)
            return
        if earlier is not None:
            scope.setdefault("state", {})[EARLIER] = _response(earlier, ["Idempotency-Replayed", "true"])
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["idempotency"] = use
        answer = await _capture(self.app, scope, receive)
        if answer.status < 400:
            async with database.writing() as session:
                if _secret(answer):
                    await idempotency.withhold_answer(session, use, answer.status)
                else:
                    await idempotency.keep_answer(session, use, answer)
        await _response(answer)(scope, receive, send)


def _fingerprint(vault: Vault, request: bytes) -> str:
    """Tells requests apart. A body may hold a password, which a plain hash would give away to whoever tries many."""
    return hmac.new(vault.derived("idempotency"), request, hashlib.sha256).hexdigest()


def _secret(answer: idempotency.Answer) -> bool:
    """Whether it says that it must not be stored anywhere: then a repeat is told only that it happened."""
    return any(name.lower() == "cache-control" and "no-store" in value for name, value in answer.headers)


def _response(answer: idempotency.Answer, *more: list[str]) -> Response:
    response = Response(answer.body, answer.status)
    # Not as a mapping: a header may come more than once.
    response.raw_headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    response.raw_headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in more]
    return response


async def _capture(app: ASGIApp, scope: Scope, receive: Receive) -> idempotency.Answer:
    status, headers, parts = 500, [], []

    async def keep(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = [
                [name.decode("latin-1"), value.decode("latin-1")]
                for name, value in message["headers"]
                if name.lower() != b"content-length"
            ]
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return idempotency.Answer(status, headers, b"".join(parts))


async def _read_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _read_start(receive: Receive, least: int) -> tuple[bytes, bool]:
    """The first `least` bytes of a body or a few more, and whether others follow."""
    parts: list[bytes] = []
    while sum(map(len, parts)) < least:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts), False
    return b"".join(parts), True


def _known_by(scope: Scope, length: str, start: bytes) -> bytes:
    """What tells uploads apart, without what separates their parts: clients draw that anew for each request."""
    kind = (header(scope, "content-type") or "").encode("latin-1")
    boundary = kind.partition(b"boundary=")[2].partition(b";")[0].strip(b'" ')
    known = start[:_START_BYTES].replace(boundary, b"") if boundary else start[:_START_BYTES]
    if len(start) >= _START_BYTES:  # its end may be half of a boundary
        known = known[: -len(boundary) or None]
    return length.encode() + b"\n" + known


def _replay(body: bytes, receive: Receive, *, more: bool = False) -> Receive:
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": more}

    return replayed
