"""Finding out who asks, before anything else looks at a request. Pure ASGI.

`Recognise` decides; it sees the headers and the address alone. Whoever can't be recognised is anyone, and the gate says
so where a route needs more: an expired cookie must not keep somebody from signing in.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core import acting
from app.core.acting import ANYONE, Caller


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is, or why that is not known, as a sentence that tells an attacker nothing."""

    caller: Caller
    refused: str = ""


Recognise = Callable[[HTTPConnection], Awaitable[Recognised]]


class Identified:
    """Sets the caller for the rest of the request."""

    def __init__(self, app: ASGIApp, recognise: Recognise) -> None:
        self.app = app
        self.recognise = recognise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        carries = "authorization" in connection.headers or "cookie" in connection.headers
        found = await self.recognise(connection) if carries else Recognised(anyone(connection))
        scope.setdefault("state", {})["refused"] = found.refused
        with acting.acting_as(found.caller):
            await self.app(scope, receive, send)


def anyone(connection: HTTPConnection) -> Caller:
    return Caller("anyone", name=ANYONE.name, address=connection.client.host if connection.client else "")
