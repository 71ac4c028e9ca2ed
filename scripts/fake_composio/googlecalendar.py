"""Google Calendar for the stand-in: calendars with events and series, asked with the tools that Composio offers.

As there, a listing without a window gets a week that Composio fills in, series are told occurrence by occurrence where
that is asked for, deleted events are told as cancelled where that is asked for, tokens expire, and the last page has a
token of changes, which goes with no window.
"""

import base64
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from scripts.fake_composio.toolkit import Arguments, Clock, ToolFailed, ToolFunction, paged

Json = dict[str, Any]
LARGEST, USUAL = 2500, 250
ME = "me@company.example"
CHANGES = (
    *("generate", "add_calendar", "add_event", "edit_event", "answer", "cancel_event", "move_event", "purge_event"),
    *("cancel_occurrence", "edit_occurrence", "hide_calendar", "expire_tokens"),
)
WORDS = ("roof", "budget", "contract", "server", "hiring", "visit", "report", "planning", "review", "order")


@dataclass
class Held:
    """An event, or a series with what differs of its occurrences."""

    said: Json
    calendar: str
    every_days: int = 0
    count: int = 1
    differs: dict[int, Json] = field(default_factory=dict)
    """By number of the occurrence, what it says otherwise."""


@dataclass
class GoogleCalendar:
    """The calendars that one account sees; its own is «primary»."""

    now: Clock
    seed: int = 1
    calendars: dict[str, Json] = field(default_factory=dict)
    events: dict[str, Held] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    most: int = LARGEST
    """What an answer holds at most, however much is asked for."""
    tokens: int = 1
    """Their generation: those of earlier ones have expired."""
    toolkit: str = "googlecalendar"

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.add_calendar("primary", ME)

    def generate(self, events: int = 60, seed: int | None = None) -> "GoogleCalendar":
        """So many events within the next 25 days: two thirds wait for an answer, every fourth is a series."""
        chance = random.Random(self.seed if seed is None else seed)
        for number in range(events):
            at = self.now() + timedelta(minutes=15 * chance.randrange(4, 25 * 24 * 4))
            said: Json = (
                {"response": "needsAction"} if number % 3 else {"response": chance.choice(["accepted", "declined"])}
            )
            said |= {"organizer": f"host{chance.randrange(5)}@partner.example", "description": f"About {number}."}
            series: Json = {"repeats": (7, chance.randrange(2, 9))} if number % 4 == 1 else {}
            title = f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)} {number + 1}"
            self.add_event(title, at.replace(second=0, microsecond=0), **said, **series)
        return self

    def add_calendar(self, own: str, summary: str, zone: str = "Europe/Berlin") -> str:
        self.calendars[own] = {"summary": summary, "timeZone": zone}
        return own

    def add_event(
        self,
        summary: str,
        start: datetime | date | str,
        *,
        minutes: int = 60,
        calendar: str = "primary",
        organizer: str = ME,
        response: str | None = None,
        guests: list[str] | None = None,
        repeats: Sequence[int] = (),
        **said: Any,
    ) -> str:
        """A day instead of a time is a whole day. `response` is our own; None: nobody asked us. `repeats` says after
        how many days a series goes on, and how often it takes place."""
        own = "".join(self._random.choice("abcdefghijklmnopqrstuv0123456789") for _ in range(26))
        at = parsed(start) if isinstance(start, str) else start
        people: list[Json] = [{"email": each, "responseStatus": "accepted"} for each in guests or ()]
        if response is not None:
            people.append({"email": ME, "self": True, "responseStatus": response})
        eid = base64.urlsafe_b64encode(f"{own} {ME}".encode()).decode().rstrip("=")
        host: Json = {"email": organizer, "self": True} if organizer == ME else {"email": organizer}
        event = {
            "kind": "calendar#event",
            "id": own,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={eid}",
            "created": told(self.now()),
            "updated": told(self.now()),
            "summary": summary,
            "organizer": host,
            "creator": host,
            "iCalUID": f"{own}@google.com",
            "eventType": "default",
            **times(at, minutes),
            **({"attendees": people} if people else {}),
            **said,
        }
        every_days, count = repeats or (0, 1)
        if every_days:
            event["recurrence"] = [f"RRULE:FREQ=DAILY;INTERVAL={every_days};COUNT={count}"]
        self.events[own] = Held(event, calendar, every_days, count)
        return own

    def edit_event(self, event: str, **said: Any) -> None:
        self.events[event].said |= {**said, "updated": told(self.now())}

    def answer(self, event: str, response: str, occurrence: int | None = None) -> None:
        """We answer an invitation, or one occurrence of it."""
        held = self.events[event]
        guests = [{**each, "responseStatus": response} if each.get("self") else each for each in held.said["attendees"]]
        if occurrence is None:
            self.edit_event(event, attendees=guests)
        else:
            self.edit_occurrence(event, occurrence, attendees=guests)

    def move_event(self, event: str, start: datetime | str, minutes: int = 60) -> None:
        at = parsed(start) if isinstance(start, str) else start
        self.edit_event(event, **times(at, minutes))

    def cancel_event(self, event: str) -> None:
        self.edit_event(event, status="cancelled")

    def purge_event(self, event: str) -> None:
        """For good: nothing tells any more that it was there."""
        del self.events[event]

    def cancel_occurrence(self, event: str, number: int) -> None:
        self.edit_occurrence(event, number, status="cancelled")

    def edit_occurrence(self, event: str, number: int, **said: Any) -> None:
        held = self.events[event]
        held.differs[number] = {**held.differs.get(number, {}), **said, "updated": told(self.now())}

    def hide_calendar(self, calendar: str, hidden: bool = True) -> None:
        (self.hidden.add if hidden else self.hidden.discard)(calendar)

    def expire_tokens(self) -> None:
        self.tokens += 1

    def change(self, command: dict[str, Any]) -> Any:
        """{"do": "add_event", …}: one of the methods above with its arguments by name."""
        if (name := command.get("do")) not in CHANGES:
            raise ValueError(f"there is no «{name}» here, only {', '.join(CHANGES)}")
        try:
            done = getattr(self, str(name))(**{key: each for key, each in command.items() if key != "do"})
        except (TypeError, KeyError) as error:
            raise ValueError(f"«{name}» can't be done so: {error}") from error
        return {"events": len(self.events)} if done is self else done

    @property
    def tools(self) -> Mapping[str, ToolFunction]:
        return {"GOOGLECALENDAR_EVENTS_LIST": self._list, "GOOGLECALENDAR_EVENTS_GET": self._get}

    def _list(self, asked: Arguments) -> Any:
        calendar = self._calendar(asked.get("calendarId"))
        if asked.get("syncToken") and (asked.get("timeMin") or asked.get("timeMax")):
            raise ToolFailed("Sync token cannot be used with timeMin", 400)
        first = parsed(str(asked.get("timeMin") or told(self.now())))
        last = parsed(str(asked.get("timeMax") or told(self.now() + timedelta(days=7))))
        if first >= last:
            raise ToolFailed("The specified time range is empty.", 400)
        found = [
            each
            for held in self.events.values()
            if held.calendar == calendar
            for each in (self.occurrences(held) if asked.get("singleEvents") else [held.said])
            if self._within(each, first, last) and (asked.get("showDeleted") or each["status"] != "cancelled")
        ]
        found.sort(key=lambda each: (self._bounds(each)[0], each["id"]))
        token = str(asked.get("pageToken") or "")
        generation, _, position = token.partition("|")
        size = min(self.most, LARGEST, int(asked.get("maxResults") or USUAL))
        page, onwards = paged(found, position, size, stale=bool(token) and generation != str(self.tokens))
        guests = int(asked.get("maxAttendees") or 10_000)
        return {
            "kind": "calendar#events",
            **self.calendars[calendar],
            "updated": told(self.now()),
            "items": [with_guests(each, guests) for each in page],
            "nextPageToken": f"{self.tokens}|{onwards}" if onwards else None,
            "nextSyncToken": None if onwards else "CPDA",
        }

    def _get(self, asked: Arguments) -> Any:
        calendar = self._calendar(asked.get("calendar_id") or "primary")
        held = self.events.get(str(asked.get("event_id")))
        if held is None or held.calendar != calendar:
            raise ToolFailed("Not Found", 404)
        return dict(held.said)

    def occurrences(self, held: Held) -> Iterator[Json]:
        """The event itself, or every occurrence of a series."""
        if not held.every_days:
            yield held.said
            return
        master = {name: value for name, value in held.said.items() if name != "recurrence"}
        for number in range(held.count):
            ahead = timedelta(days=held.every_days * number)
            moved = {name: shifted(master[name], ahead) for name in ("start", "end")}
            stamp = datetime.fromisoformat(moved["start"].get("dateTime") or moved["start"]["date"])
            own = f"{master['id']}_{stamp:%Y%m%d}" + (f"T{stamp:%H%M%S}Z" if "dateTime" in moved["start"] else "")
            yield {**master, **moved, "id": own, "recurringEventId": master["id"], **held.differs.get(number, {})}

    def _within(self, event: Json, first: datetime, last: datetime) -> bool:
        begins, ends = self._bounds(event)
        return begins < last and ends > first

    def _bounds(self, event: Json) -> tuple[datetime, datetime]:
        """Whole days are taken in UTC: a day more or less at the borders of a window is Google's to decide."""
        begins, ends = (
            parsed(event[name].get("dateTime") or f"{event[name]['date']}T00:00:00Z") for name in ("start", "end")
        )
        return begins, ends

    def _calendar(self, named: Any) -> str:
        if named not in self.calendars or named in self.hidden:
            raise ToolFailed("Not Found", 404)
        return str(named)


def times(at: datetime | date, minutes: int) -> Json:
    if isinstance(at, datetime):
        both = (at, at + timedelta(minutes=minutes))
        begins, ends = ({"dateTime": each.isoformat(), "timeZone": "Europe/Berlin"} for each in both)
        return {"start": begins, "end": ends}
    return {"start": {"date": at.isoformat()}, "end": {"date": (at + timedelta(days=1)).isoformat()}}


def shifted(given: Json, ahead: timedelta) -> Json:
    if "dateTime" in given:
        return {**given, "dateTime": (datetime.fromisoformat(given["dateTime"]) + ahead).isoformat()}
    return {"date": (date.fromisoformat(given["date"]) + ahead).isoformat()}


def with_guests(event: Json, most: int) -> Json:
    guests = event.get("attendees") or []
    if len(guests) <= most:
        return dict(event)
    return {**event, "attendees": [each for each in guests if each.get("self")], "attendeesOmitted": True}


def parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)


def told(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
