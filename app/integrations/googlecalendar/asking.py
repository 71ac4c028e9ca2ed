"""Google Calendar's tools as this kind calls them, and what their answers must hold.

A listing always says its window and its size: Composio fills in a week of its own where none is given. No token of
changes is used: it can't carry a window that moves on, and a window is one call or two.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.core.errors import Rejected
from app.integrations.pulling import Answer, Json, Tools
from app.records import Kept, Refusal

SERVICE = "Google Calendar"
LIST, GET = "GOOGLECALENDAR_EVENTS_LIST", "GOOGLECALENDAR_EVENTS_GET"
TOOLS = (LIST, GET)
PAGE_SIZE = 250
MOST_EVENTS = 5_000
"""In one calendar's window; they are in memory together, since an occurrence says nothing of its series alone."""
MOST_GUESTS = 50
MOST_PAGES = 200
"""Empty ones included: more are no calendar, but a service that goes round in circles."""
MOST_RESTARTS = 3


@dataclass(slots=True)
class Window:
    """What a calendar holds between two times."""

    events: list[Json] = field(default_factory=list)
    """Those of a series one by one, cancelled ones too."""
    refused: list[Refusal] = field(default_factory=list)
    zone: str = ""
    name: str = ""
    whole: bool = True
    """Whether that is all: else there were more than MOST_EVENTS."""


@dataclass(slots=True)
class Asking:
    """One account's calendars."""

    tools: Tools

    async def window(self, calendar: str, first: datetime, last: datetime) -> Window:
        """Raises NotThere where the account sees no such calendar."""
        for _ in range(MOST_RESTARTS):
            try:
                return await self._window(calendar, first, last)
            except _TokenRefusedError as error:
                refused = error.why
        raise refused

    async def _window(self, calendar: str, first: datetime, last: datetime) -> Window:
        found, seen = Window(), set[str]()
        token: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._page(calendar, first, last, token)
            elements = answer.find("items", list, "events")
            found.zone = found.zone or answer.look("timeZone", str, "time_zone", default="")
            found.name = found.name or answer.look("summary", str, default="")
            take(answer, elements, found)
            token = next_token(answer)
            if token is None or len(found.events) > MOST_EVENTS:
                found.whole = token is None
                return found
            if token in seen:
                raise answer.unreadable("data.nextPageToken", "names a page that was read already")
            seen.add(token)
        raise answer.unreadable("data.nextPageToken", f"holds no end after {MOST_PAGES} pages")

    async def _page(self, calendar: str, first: datetime, last: datetime, token: str | None) -> Answer:
        asked: dict[str, Any] = {
            "calendarId": calendar,
            "timeMin": first.replace(microsecond=0).isoformat(),
            "timeMax": last.replace(microsecond=0).isoformat(),
            "singleEvents": True,
            "showDeleted": True,
            "orderBy": "startTime",
            "maxResults": PAGE_SIZE,
            "maxAttendees": MOST_GUESTS,
        }
        try:
            return await self.tools(LIST, **asked, **({"pageToken": token} if token else {}))
        except Rejected as error:
            if token is None:
                raise
            raise _TokenRefusedError(error) from error

    async def event(self, calendar: str, own: str) -> Json:
        """An event, or a series, by itself. Raises NotThere where there is none."""
        answer = await self.tools(GET, calendar_id=calendar, event_id=own)
        for level in answer.levels():
            if text(level, "id") and not isinstance(level.get("items"), list):
                return level
        raise answer.unreadable("data.id", "holds no event with an id")


def next_token(answer: Answer) -> str | None:
    return answer.look("nextPageToken", str, "next_page_token") or None


class _TokenRefusedError(Exception):
    """Google no longer knows the page it had named: the listing begins again."""

    def __init__(self, why: Rejected) -> None:
        super().__init__(why.detail)
        self.why = why


def take(answer: Answer, elements: list[Any], found: Window) -> None:
    """The events of one page. Raises Unreadable where none could be read yet, and there are some."""
    paths: list[str] = []
    for place, said in enumerate(elements):
        missing = missing_in(said)
        if not missing:
            found.events.append(said)
            continue
        paths.append(f"data.items[{place}]{missing}")
        kept = Kept(answer.tool, dict(answer.arguments), paths[-1], said, whole=False)
        why = f"It can't be read: {paths[-1]} is missing or of another form."
        found.refused.append(Refusal(f"an event of {SERVICE}", why, kept))
    if paths and not found.events:
        raise answer.unreadable(paths[0], f"holds {len(paths)} events, none of which can be read")


def missing_in(said: Any) -> str:
    """The path of the first thing that an event must hold and this doesn't; "" where all is there."""
    if not isinstance(said, dict) or not text(said, "id"):
        return ".id"
    if text(said, "status") == "cancelled":
        return ""  # of those nothing else has to be told
    return next((f".{name}" for name in ("start", "end") if not is_time(said.get(name))), "")


def is_time(given: Any) -> bool:
    if not isinstance(given, dict):
        return False
    exact = text(given, "dateTime")
    try:
        datetime.fromisoformat(exact) if exact else date.fromisoformat(text(given, "date"))
    except ValueError:
        return False
    return True


def text(said: Json, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
