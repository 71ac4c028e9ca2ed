"""The event stream over HTTP: `GET /api/v1/events`, server-sent events that resume where a client left off.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.core import events
from app.core.web import database_of

router = APIRouter(prefix="/api/v1", tags=["live"])

_LOOK_EVERY_S = 0.5
_RETRY_MS = 2_000
_LONGEST_ID = 18
"""In digits."""


class Streams:
    """The open streams of one server. They end when it stops: else they would hold it up."""

    def __init__(self) -> None:
        self._closed = asyncio.Event()

    def close(self) -> None:
        self._closed.set()

    async def rest(self, seconds: float) -> bool:
        """Wait. Returns False where the streams are to end."""
        try:
            await asyncio.wait_for(self._closed.wait(), seconds)
        except TimeoutError:
            return True
        return False


@router.get("/events", operation_id="stream_events", response_class=EventSourceResponse)
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
    """What happens, as it happens: `sync.progress`, `integration.changed`, `queue.changed`.

    Without an id it begins now. A client that resumes hears everything since its last one, of the last six hours; the
    latest may come twice, none is missed. Each `data` is a JSON object.
    """
    wanted = {each.strip() for each in types.split(",") if each.strip()} if types else None
    database, clock, streams = database_of(request), request.app.state.clock, request.app.state.streams
    begin = _number(last_event_id, after)
    if begin is None:
        async with database.reading() as session:
            begin = await events.newest(session)
    reader = events.Reader(database, begin)
    yield ServerSentEvent(comment="connected", retry=_RETRY_MS, id=str(begin))
    while True:
        for row in await reader.next(clock()):
            if wanted is None or row.type in wanted:
                yield ServerSentEvent(data=_data(row), event=row.type, id=str(reader.after))
        if not await streams.rest(_LOOK_EVERY_S):
            return


def _number(last_event_id: str | None, after: int | None) -> int | None:
    """A stranger's id says nothing: the stream begins now."""
    given = (last_event_id or "").strip()
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _LONGEST_ID else after


def _data(row: Any) -> dict[str, Any]:
    return {"at": row.at.isoformat().replace("+00:00", "Z"), **row.data}
