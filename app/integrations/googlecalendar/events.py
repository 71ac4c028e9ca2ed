"""What an event asks of us, and the item that it becomes.

Invitations that wait for our answer are work, due when the event begins. What else is, the settings say. An event that
was work stays a task when it is answered, declined or over: then it says so itself.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, Literal

from app.integrations.exports.charset import clean
from app.integrations.exports.dates import END_OF_DAY
from app.integrations.exports.html_text import to_text
from app.integrations.exports.links import links_in
from app.integrations.exports.rows import zone_of
from app.integrations.googlecalendar.addresses import event_key
from app.integrations.googlecalendar.asking import text
from app.integrations.googlecalendar.settings import CalendarSettings
from app.integrations.pulling import Json
from app.records import Item, Person, Work

Status = Literal["open", "done", "declined", "gone"]
LONGEST_TITLE, LONGEST_TEXT, LONGEST_FIELD = 500, 50_000, 2_000
MEETINGS = frozenset({"", "default", "fromGmail"})
"""Sorts of events that others may want something of: no working places, absences, birthdays."""
ANSWERS = {"accepted": "Accepted", "tentative": "Maybe", "declined": "Declined", "needsAction": "Not answered"}


@dataclass(frozen=True, slots=True)
class Reading:
    """With what the events of one calendar are read."""

    settings: CalendarSettings
    now: datetime
    zone: tzinfo
    calendar: str = ""
    """Its name, where it has one."""

    def status(self, event: Json) -> tuple[Status, str]:
        """What the event asks by now: open asks something, gone is cancelled."""
        if text(event, "status") == "cancelled":
            return "gone", "Cancelled"
        us = ours_in(event)
        answer = text(us, "responseStatus")
        called = ANSWERS.get(answer, "Confirmed")
        if answer == "declined":
            return "declined", called
        if not self._asks(event, answer):
            return "done", called
        return ("done", "Over") if self.ends(event) <= self.now else ("open", called)

    def _asks(self, event: Json, answer: str) -> bool:
        if text(event, "eventType") not in MEETINGS:
            return False
        organized = is_ours(event, "organizer")
        if not organized and (answer == "needsAction" or (answer == "tentative" and self.settings.maybe_is_open)):
            return True
        if self.settings.asks == "organized":
            return organized and bool(guests_of(event))
        return self.settings.asks == "all"

    def begins(self, event: Json) -> datetime:
        return self._moment(event.get("start"), time.min)

    def ends(self, event: Json) -> datetime:
        """Google names the day after the last one as the end of a whole day."""
        return self._moment(event.get("end"), time.min)

    def due(self, event: Json) -> datetime:
        """When it begins; on a whole day the end of its first day, in the calendar's own zone."""
        return self._moment(event.get("start"), END_OF_DAY)

    def _moment(self, given: Any, at: time) -> datetime:
        said = given if isinstance(given, dict) else {}
        if exact := text(said, "dateTime"):
            found = datetime.fromisoformat(exact)
            return found if found.tzinfo else found.replace(tzinfo=zone_of(text(said, "timeZone"), self.zone))
        return datetime.combine(date.fromisoformat(text(said, "date")), at, self.zone)

    def item(self, event: Json, own: str, *, repeats: bool, ended: bool = False) -> Item:
        """The item of an event; `own` is the id of its series where it has one. `ended`: nothing more is in sight."""
        status, called = self.status(event)
        if ended:
            status, called = "done", "Over"
        problems: list[str] = []
        words = _words(text(event, "description"), problems)
        title = " ".join(clean(text(event, "summary")).split()) or "(an event without a title)"
        us, key = ours_in(event), event_key(own, text(event, "htmlLink"))
        item = Item(
            external_id=own,
            sent_at=_time(event, "created"),
            sender=person(event.get("organizer")),
            recipients=tuple(map(person, [*([us] if us else []), *guests_of(event)])),
            subject=title[:LONGEST_TITLE],
            text=words,
            keys=(key,),
            delivered_to=(person(us).address,) if person(us).address else (),
            url=text(event, "htmlLink"),
            revisable=True,
            revised_at=_time(event, "updated"),
            links=tuple(link for link in links_in(words) if link != key),
            work=Work(
                status="open" if status == "gone" else status,
                status_name=called,
                due_at=self.due(event),
                assignees=(person(us),) if us else (),
                project=self.calendar[:200],
                fields=self._fields(event, repeats=repeats),
            ),
            problems=tuple(problems),
        )
        written = repr((item.subject, item.text, item.sender, item.recipients, item.url, item.work, item.problems))
        return replace(item, content_hash=hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:32])

    def _fields(self, event: Json, *, repeats: bool) -> tuple[tuple[str, str], ...]:
        said = (
            ("When", self._when(event)),
            ("Repeats", "Yes; this is the next time" if repeats else ""),
            ("Where", clean(text(event, "location"))),
            ("Meeting link", meeting_link(event)),
        )
        return tuple((name, value[:LONGEST_FIELD]) for name, value in said if value)

    def _when(self, event: Json) -> str:
        begins, ends = self.begins(event), self.ends(event)
        start = event.get("start")
        if isinstance(start, dict) and not text(start, "dateTime"):
            return f"{begins:%Y-%m-%d}, the whole day"
        until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%Y-%m-%d %H:%M}"
        named = text(start, "timeZone") if isinstance(start, dict) else ""
        return f"{begins:%Y-%m-%d %H:%M} to {until}" + (f" ({named})" if named else "")


def ours_in(event: Json) -> Json:
    """The guest that is this calendar; empty where it is none, as in a calendar without guests."""
    return next((each for each in _guests(event) if each.get("self") is True), {})


def guests_of(event: Json) -> list[Json]:
    """Everybody else who is invited, without rooms and projectors."""
    return [each for each in _guests(event) if each.get("self") is not True and each.get("resource") is not True]


def _guests(event: Json) -> list[Json]:
    given = event.get("attendees")
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def is_ours(event: Json, role: str) -> bool:
    said = event.get(role)
    return isinstance(said, dict) and said.get("self") is True


def person(said: Any) -> Person:
    if not isinstance(said, dict):
        return Person()
    name, address = " ".join(clean(text(said, "displayName")).split()), text(said, "email").strip().lower()
    return Person("" if name.lower() == address else name[:200], address[:320])


def meeting_link(event: Json) -> str:
    """Where a meeting is held online."""
    if link := text(event, "hangoutLink"):
        return link
    conference = event.get("conferenceData")
    points = conference.get("entryPoints") if isinstance(conference, dict) else None
    for point in points if isinstance(points, list) else ():
        if isinstance(point, dict) and text(point, "entryPointType") == "video":
            return text(point, "uri")
    return ""


def _words(description: str, problems: list[str]) -> str:
    """Descriptions are HTML where people used Google's own page, else plain text."""
    words = clean(description)
    if "<" in words and ">" in words:
        words = to_text(words, problems)
    if len(words) > LONGEST_TEXT:
        problems.append(f"The description is cut off after {LONGEST_TEXT:,} characters.")
    return words[:LONGEST_TEXT].strip()


def _time(event: Json, name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text(event, name))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
