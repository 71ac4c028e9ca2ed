"""The event stream over HTTP: `GET /api/v1/events`, server-sent events that resume where a client left off.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.core import acting, events, gate
from app.core.database import Database
from app.core.errors import TooMany, Unavailable
from app.core.event_sharing import Audience, SharedLog
from app.core.event_watch import LOOK_EVERY_S, Watch
from app.core.identifying import Recognise
from app.core.rows import AnyRow
from app.core.web import database_of

MOST_OPEN = 200
"""Streams of one server: each holds a connection."""
MOST_OF_ONE = 20
"""Of one person with all their keys: nobody takes all places. A browser opens one for each tab."""
_RETRY_MS = 2_000
_FULL_FOR_S = 30
LOOK_AGAIN_S = 30.0
"""So often it is looked whether somebody may still listen, and to what."""
RESET = "What happened since then can't be told any more. Load anew what you show."
_LONGEST_ID = 18
"""In digits."""


Told = tuple[AnyRow, dict[str, Any]]
"""An event, and its data as somebody is told of it."""
Sift = Callable[[Database, Sequence[AnyRow], Any], Awaitable[Sequence[Told]]]
"""Those events that whoever acts may be told of, by what their `Audience` found."""


class Streams(Watch):
    """The open streams of one server. They end when it stops: else they would hold it up."""

    def __init__(self, most: int = MOST_OPEN, most_of_one: int = MOST_OF_ONE) -> None:
        super().__init__()
        self._most, self._most_of_one = most, most_of_one
        self._open: Counter[str] = Counter()
        self._shared: SharedLog | None = None

    def shared(self, database: Database, audience: Audience) -> SharedLog:
        """The log that all of them read together."""
        self._shared = self._shared or SharedLog(database, audience)
        return self._shared

    @contextmanager
    def place(self) -> Iterator[None]:
        """For one more stream. Raises TooMany where whoever acts has too many, Unavailable where there are too many."""
        who = acting.caller()
        name = who.signature if who.user_id is None else f"user:{who.user_id}"
        if self._open[name] >= self._most_of_one:
            detail = f"You listen to {self._most_of_one} streams of events already: close one, or try again later."
            raise TooMany(detail, retry_after=_FULL_FOR_S)
        if self._open.total() >= self._most:
            detail = f"{self._most} streams of events are open here already, and no more can be. Try again later."
            raise Unavailable(detail, retry_after=_FULL_FOR_S)
        self._open[name] += 1
        try:
            yield
        finally:
            self._open[name] -= 1
            self._open += Counter()  # whoever has none left is forgotten


async def _placed(request: Request) -> AsyncIterator[None]:
    """Taken before the answer begins: afterwards no status could say that there is no room."""
    with request.app.state.streams.place():
        yield


async def stream_events(
    request: Request,
    types: Annotated[
        str | None, Query(max_length=200, description="Only these, separated by commas: sync.progress,queue.changed")
    ] = None,
    after: Annotated[
        int | None,
        Query(ge=0, le=10**_LONGEST_ID - 1, description="Instead of Last-Event-ID, where no header can be set."),
    ] = None,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=40, description="Resume behind this one.")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """What happens, as it happens. Without an id it begins now; a client that resumes hears everything since its last
    event, or is told by a `reset` that this can't be. The latest may come twice, none is missed."""
    wanted = {each.strip() for each in types.split(",") if each.strip()} if types else None
    database, clock, streams = database_of(request), request.app.state.clock, request.app.state.streams
    sift: Sift = request.app.state.sift
    shared = streams.shared(database, request.app.state.audience)
    listener = _Listener(request, streams)
    given, strange = _number(last_event_id, after)
    async with database.reading() as session:
        begin = await events.resumed(session, given, clock())
    reader = events.Reader.beginning(shared.behind, begin, clock())
    # An event too, as a page's script learns an id from events alone.
    yield ServerSentEvent(
        comment="connected", event="connected", data=_data(clock(), {}), retry=_RETRY_MS, id=str(reader.after)
    )
    if begin.missed or strange:
        yield ServerSentEvent(data=_data(clock(), {"reason": RESET}), event="reset", id=str(reader.after))
    with streams.following(shared) as news:
        while True:
            news.clear()
            found = await reader.next(clock())
            rows = [row for row in found if wanted is None or row.type in wanted]
            with acting.acting_as(listener.caller):
                told = await sift(database, rows, reader.audience) if rows else ()
            for row, data in told:
                # Who breaks off here has heard nothing behind this row.
                yield ServerSentEvent(data=_data(row.at, data), event=row.type, id=str(min(row.id, reader.after)))
            seconds = 0 if len(found) >= events.MOST_AT_ONCE else _rest_of(reader)
            if not (await streams.rest(news, seconds) and await listener.may_listen()):
                return


def _rest_of(reader: events.Reader) -> float:
    return LOOK_EVERY_S if reader.waits else max(LOOK_AGAIN_S, LOOK_EVERY_S)


class _Listener:
    """Who listens, and whether they still may: looked up again and again, as a stream stays open for days, and at once
    where somebody's rights were changed in this process."""

    def __init__(self, request: Request, streams: Streams) -> None:
        self.caller = acting.caller()
        self._request = request
        self._streams, self._rights = streams, streams.rights
        self._permission = request.scope["route"].permission
        self._looked_at = time.monotonic()

    async def may_listen(self) -> bool:
        """False where their key was revoked, their session has ended, or they lost the permission."""
        rights = self._streams.rights
        if rights == self._rights and time.monotonic() - self._looked_at < LOOK_AGAIN_S:
            return True
        self._looked_at, self._rights = time.monotonic(), rights
        recognise: Recognise = self._request.app.state.recogniser
        with acting.acting_as(acting.PROGRAM):  # who may see what is asked of everything
            found = await recognise(self._request)
        if found.away:  # nobody can be looked up now: whoever listens hears nothing new either
            return True
        self.caller = found.caller
        return gate.may(self.caller, self._permission)


def _number(last_event_id: str | None, after: int | None) -> tuple[int | None, bool]:
    """Behind which event somebody goes on, and whether what they gave for it is none of our ids."""
    given = (last_event_id or "").strip()
    if given.isascii() and given.isdecimal() and len(given) <= _LONGEST_ID:
        return int(given), False
    return after, bool(given) and after is None


def _data(at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {"at": at.isoformat().replace("+00:00", "Z"), **data}


def router(declared: Sequence[Any], description: str) -> APIRouter:
    """The stream's one route, under the permission that `declared` names; what is told is the domains' matter."""
    made = gate.router(prefix="/api/v1", tags=["live"], dependencies=declared)
    made.get(
        "/events",
        operation_id="stream_events",
        response_class=EventSourceResponse,
        dependencies=[Depends(_placed)],
        description=description,
    )(stream_events)
    return made
