"""Finding out who asks, before anything else looks at a request. Pure ASGI.

`Recognise` decides; it sees the headers and the address alone. Whoever can't be recognised is anyone, and the gate says
so where a route needs more: an expired cookie must not keep somebody from signing in.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from fastapi import Depends
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core import acting
from app.core.acting import ANYONE, Caller

_HEALTH = "/health"

Connection: TypeAlias = HTTPConnection
"""A request, before its body."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is, or why that is not known, as a sentence that tells an attacker nothing."""

    caller: Caller
    refused: str = ""
    away: bool = False
    """Whether nobody could be asked: what the caller may not do now, they may perhaps do later."""
    unasked: bool = False
    """Whether nobody was asked: too many strangers come from that address."""


Recognise = Callable[[Connection], Awaitable[Recognised]]


class Forgets(Protocol):
    """What remembers whom it recognised."""

    def forget(self) -> None: ...


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
        # Health is for anyone, and is answered at once even where the database that knows people hangs.
        asked = scope["path"] != _HEALTH and not scope["path"].startswith(f"{_HEALTH}/")
        carries = asked and ("authorization" in connection.headers or "cookie" in connection.headers)
        found = await self.recognise(connection) if carries else Recognised(anyone(connection))
        scope.setdefault("state", {}).update(refused=found.refused, away=found.away, unasked=found.unasked)
        with acting.acting_as(found.caller):
            await self.app(scope, receive, send)


def anyone(connection: Connection) -> Caller:
    return Caller("anyone", name=ANYONE.name, address=connection.client.host if connection.client else "")


def forget(request: Request) -> None:
    """Somebody's rights were changed: what was recognised before is asked anew."""
    recogniser: Forgets = request.app.state.recogniser
    recogniser.forget()


async def _forgetting(request: Request) -> AsyncIterator[None]:
    yield  # what fails is raised here, and changed nothing: else anybody's wrong password would empty the memory
    if request.method not in ("GET", "HEAD"):
        forget(request)


# A dependency of a router comes before its routes' own, and so ends after their transaction, before the answer is sent.
FORGETS: Any = Depends(_forgetting, scope="function")
"""For routers and routes that change who may do what: `forget`, once a change is committed."""
