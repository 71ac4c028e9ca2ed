"""How much of a request's body is read, and how long it is waited for. Pure ASGI.

Nothing is read here: whoever reads a body behind this one reads it through these bounds. So a caller who may not do
what they ask for is refused before any of their body was taken in.
"""

import asyncio
import re
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import log
from app.core.asgi import header
from app.core.errors import Encoded, Problem, StoodStill, TooLarge
from app.core.problems import render

UPLOAD = re.compile(r"/api/v1/integrations/import(?:/preview)?")
"""What takes whole files, by POST; all others take a body of bounded size, for they hold it in memory."""
FORM_BYTES = 100_000
"""How much more than its file a form may hold; the file itself is measured where it is kept."""
SLOWEST = 1_000
"""Bytes a second that a body must come at, beyond the time it may stand still: else one byte now and then would hold a
connection for days."""
_LEFT_LYING = 65_536
"""Bytes of a body that nobody reads and the connection still goes on: the server has taken in as much already."""

_log = log.get(__name__)


def is_upload(scope: Scope) -> bool:
    form = (header(scope, "content-type") or "").startswith("multipart/")
    return form and scope["method"] == "POST" and UPLOAD.fullmatch(scope["path"]) is not None


class Bounded:
    """Refuses bodies that are too large (413), stand still (408) or are compressed (415)."""

    def __init__(self, app: ASGIApp, body_max_bytes: int, body_timeout_s: float = 30) -> None:
        self.app = app
        self.body_max_bytes = body_max_bytes
        self.body_timeout_s = body_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = header(scope, "content-length") or ""
        chunked = header(scope, "transfer-encoding") is not None
        if not chunked and length in ("", "0") and scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        body = _Body(receive, send, self.body_max_bytes, self.body_timeout_s)
        if is_upload(scope):
            body.holds = "file"
            body.most = int(scope["app"].state.settings.import_max_bytes)
        body.left_lying = chunked or (length.isdecimal() and int(length) > _LEFT_LYING)
        if (header(scope, "content-encoding") or "identity").strip().lower() != "identity":
            body.refused = Encoded("A body is taken as it is: send it without Content-Encoding.")
        elif length.isdecimal() and body.is_too_large(int(length)):
            body.refused = body.too_large()
        else:
            await self._read_by_others(body, scope)
        if body.refused is not None and not body.begun:
            await _refuse(body.refused, scope, receive, send)

    async def _read_by_others(self, body: "_Body", scope: Scope) -> None:
        try:
            await self.app(scope, body.receive, body.send)
        except HTTPException:
            if body.refused is None:
                raise
        if body.refused is not None:
            _log.info("a body was given up", size=body.size, problem=body.refused.code)


class _Body:
    """One request's body as it arrives."""

    def __init__(self, receive: Receive, send: Send, most: int, timeout_s: float) -> None:
        self._receive, self._send = receive, send
        self._timeout_s = timeout_s
        self._waited_s = 0.0
        self._complete = False
        self.holds = "body"
        self.most = most
        self.size = 0
        self.begun = False
        """Whether the answer has: afterwards nothing can be refused."""
        self.refused: Problem | None = None
        self.left_lying = False
        """Whether the connection must end where nobody reads all of it."""

    def too_large(self) -> Problem:
        return TooLarge(f"A {self.holds} may hold {self.most} bytes.")

    def is_too_large(self, size: int) -> bool:
        return size > self.most + FORM_BYTES * (self.holds == "file")

    async def receive(self) -> Message:
        if self._complete or self.begun:  # what is waited for now is that the client goes away
            return await self._receive()
        message = await self._in_time()
        self.size += len(message.get("body", b""))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        if self.is_too_large(self.size):
            raise self._given_up(self.too_large())
        return message

    async def _in_time(self) -> Message:
        left = min(self._timeout_s, self._timeout_s + self.size / SLOWEST - self._waited_s)
        began = time.monotonic()
        try:
            async with asyncio.timeout(left) as waiting:
                return await self._receive()
        except TimeoutError:
            if not waiting.expired():
                raise
            raise self._given_up(StoodStill(f"The body stood still for {self._timeout_s:g} s.")) from None
        finally:
            self._waited_s += time.monotonic() - began

    def _given_up(self, problem: Problem) -> HTTPException:
        self.refused = problem
        return HTTPException(problem.status)  # the one kind that FastAPI lets through while it reads a body

    async def send(self, message: Message) -> None:
        if self.refused is not None and not self.begun:
            return  # what others make of it; it is told below, once they are done
        if message["type"] == "http.response.start":
            self.begun = True
            if self.left_lying and not self._complete:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        await self._send(message)


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    answer = render(problem)
    answer.headers["Connection"] = "close"
    if problem.status == 415:
        answer.headers["Accept-Encoding"] = "identity"  # RFC 7694
    await answer(scope, receive, send)
