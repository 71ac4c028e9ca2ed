"""What stands around every request: its correlation id and log line, and the once-only of repeated POSTs. Pure ASGI."""

import hashlib
import re
import time
import uuid
from collections.abc import Sequence

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import acting, idempotency, log, metrics
from app.core.database import Database
from app.core.errors import Forbidden, Malformed, Problem, TooLarge
from app.core.problems import render, unexpected

CORRELATION_HEADER = "X-Correlation-ID"
_UPLOAD = re.compile(r".*/import(?:/preview)?")
"""Addresses that take whole files; all others take a body of bounded size."""
_FORM_BYTES = 100_000
"""How much more than its file a form may hold; the file itself is measured where it is kept."""
_START_BYTES = 65_536
_PORT = re.compile(r":\d+$")
_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,128}")

_log = log.get(__name__)


class Correlated:
    """Outermost: gives each request its correlation id, writes its line in the log, catches what nobody caught."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = _header(scope, CORRELATION_HEADER) or ""
        # Whatever a client sends ends up in our logs: only harmless characters are taken over.
        identity = given if _CORRELATION.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        status = 500
        begun = False

        async def send_with_id(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                begun = True
                status = message["status"]
                message["headers"] = [*message["headers"], (CORRELATION_HEADER.lower().encode(), identity.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=identity):
            try:
                await self.app(scope, receive, send_with_id)
            except Exception as error:  # the edge: logged once, and nothing of it is shown
                _log.error("request failed", path=scope["path"], exc_info=error)
                if begun:
                    raise
                await render(unexpected(error))(scope, receive, send_with_id)
            finally:
                _count(scope, status, time.perf_counter() - started)
                _log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _count(scope: Scope, status: int, seconds: float) -> None:
    """By the route's template: addresses are without number, and so are methods that somebody makes up."""
    other = "page" if "endpoint" in scope else "replayed" if scope.get("state", {}).get("replayed") else "unmatched"
    route = getattr(scope.get("route"), "path", other)
    method = scope["method"] if scope["method"] in _METHODS else "other"
    metrics.answered(method, route, status, -1.0 if route.endswith("/events") else seconds)


class KnownOrigin:
    """Refuses what a foreign web page makes somebody's browser send here.

    Without sign-in, being reachable is all it takes to act. So a request that names an Origin must come from our page
    or from one of `origins`; and where `hosts` are given, it must name one of them as Host, which stops pages that let
    their own name point to this machine (DNS rebinding). Programs send no Origin and are not held up.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str], hosts: Sequence[str] = ()) -> None:
        self.app = app
        self.origins = frozenset(origins)
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._refusal(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await render(problem)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        host = (_header(scope, "host") or "").lower()
        if self.hosts and _PORT.sub("", host) not in self.hosts:
            return Forbidden("This server answers under its own names only. Set PUBLIC_URL to add one.")
        origin = _header(scope, "origin")
        if origin is None or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return None
        if "*" in self.origins or origin in self.origins or origin == f"{scope['scheme']}://{host}":
            return None
        return Forbidden("A page of another origin may not act here. Add its origin to CORS_ORIGINS to allow it.")


class IdempotentPosts:
    """Answers a repeated POST with its first answer; see app.core.idempotency. Also bounds request bodies.

    An upload is recognised by its length and what it begins with: it may be gigabytes long, and is streamed.
    """

    def __init__(self, app: ASGIApp, body_max_bytes: int) -> None:
        self.app = app
        self.body_max_bytes = body_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PATCH", "PUT"):
            await self.app(scope, receive, send)
            return
        form = (_header(scope, "content-type") or "").startswith("multipart/")
        if form and _UPLOAD.fullmatch(scope["path"]):
            await self._upload(scope, receive, send)
            return
        body, complete = await _read_body(receive, self.body_max_bytes)
        if complete:
            await self._answer(body, scope, _replay(body, receive), send)
        else:
            await render(TooLarge(f"A body may hold {self.body_max_bytes} bytes."))(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        most: int = scope["app"].state.settings.import_max_bytes
        too_large = render(TooLarge(f"A file may hold {most} bytes."))
        length = _header(scope, "content-length") or ""
        if length.isdecimal() and int(length) > most + _FORM_BYTES:
            await too_large(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most + _FORM_BYTES:
                raise HTTPException(413)  # the one kind that FastAPI lets through while it reads a form
            return message

        async def send_unless_too_large(message: Message) -> None:
            if size <= most + _FORM_BYTES:
                await send(message)

        try:
            await self._keyed_upload(length, scope, counted, send_unless_too_large)
        except HTTPException:
            _log.info("an upload was too large", size=size)
        if size > most + _FORM_BYTES:
            await too_large(scope, receive, send)

    async def _keyed_upload(self, length: str, scope: Scope, receive: Receive, send: Send) -> None:
        if _header(scope, "idempotency-key") is None:
            await self.app(scope, receive, send)
        elif not length:
            problem = Malformed("An upload under an Idempotency-Key needs a Content-Length.")
            await render(problem)(scope, receive, send)
        else:
            start, more = await _read_start(receive, _START_BYTES)
            await self._answer(_known_by(scope, length, start), scope, _replay(start, receive, more=more), send)

    async def _answer(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Once, where there is a key. `body` is what the request is known by."""
        key = _header(scope, "idempotency-key")
        if key is None or scope["method"] != "POST":
            await self.app(scope, receive, send)
        elif not 1 <= len(key) <= 255:
            await render(Malformed("An Idempotency-Key has 1 to 255 characters."))(scope, receive, send)
        else:
            await self._once(key, body, scope, receive, send)

    async def _once(self, key: str, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        database: Database = scope["app"].state.database
        target = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        # A key is its caller's own: nobody is given the answer to somebody else's request.
        own = hashlib.sha256(f"{acting.caller().signature}\n{key}".encode("utf-8", "replace")).hexdigest()
        use = idempotency.Use(own, hashlib.sha256(target.encode() + b"\n" + body).hexdigest(), scope["path"])
        try:
            async with database.reading() as session:
                earlier = await idempotency.earlier_answer(session, use)
        except Problem as problem:
            await render(problem)(scope, receive, send)
            return
        if earlier is not None:
            scope.setdefault("state", {})["replayed"] = True
            await _response(earlier, ["Idempotency-Replayed", "true"])(scope, receive, send)
            return
        scope.setdefault("state", {})["idempotency"] = use
        answer = await _capture(self.app, scope, receive)
        if answer.status < 400 and not _secret(answer):
            async with database.writing() as session:
                await idempotency.keep_answer(session, use, answer)
        await _response(answer)(scope, receive, send)


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


async def _read_body(receive: Receive, most: int) -> tuple[bytes, bool]:
    """The body, and whether it was within `most` bytes."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts), True
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            return b"", False
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts), True


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
    kind = (_header(scope, "content-type") or "").encode("latin-1")
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


def _header(scope: Scope, name: str) -> str | None:
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted), None)
